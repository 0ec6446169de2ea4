"""`python -m web.worker`"""

from gevent import monkey

monkey.patch_all()

import sys  # noqa: E402

from web.logs import configure  # noqa: E402
from web.parts import join  # noqa: E402
from web.settings import BadSetting, load  # noqa: E402
from web.storage.engine import make_engine  # noqa: E402
from web.worker.erasing import Erasing  # noqa: E402
from web.worker.loop import Loop, NoSockets  # noqa: E402

try:
    settings = load()
except BadSetting as problem:
    sys.exit(f"halte: {problem}")
configure(settings.production)
engine = make_engine(settings.database_url)
parts = join(settings, engine, NoSockets(), is_worker=True)
Loop(parts.dispatcher, parts.bot, parts.push, Erasing(parts.dispatcher, engine)).run()
