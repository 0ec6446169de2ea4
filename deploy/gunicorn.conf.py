"""gunicorn for Halte: one gevent worker by default (SQLite); more only with PostgreSQL and Redis."""

from gevent import monkey

# Before anything else is imported: psycopg, redis and urllib3 yield only when patched.
monkey.patch_all()

import gc  # noqa: E402
import os  # noqa: E402
import resource  # noqa: E402
import sys  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from web.settings import BadSetting, load  # noqa: E402

try:
    load()  # here, in the master: a worker that cannot start would be started again for ever
except BadSetting as problem:
    sys.exit(f"halte: {problem}")

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "gevent"
# Each connection is an open file, and the usual limit is 1,024 of them.
_, most_files = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (most_files, most_files))
workers = int(os.environ.get("WEB_PROCESSES", "1"))
worker_connections = 20_000
backlog = 4096
graceful_timeout = 5
accesslog = None  # an access log holds addresses; there is none
loglevel = "warning"
proc_name = "halte-web"


def post_worker_init(worker: Any) -> None:
    """What was loaded at the start stays: the collector need not look through it again and again. With ten thousand
    connections each full look would hold everybody up."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
