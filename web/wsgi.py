"""What gunicorn serves. gunicorn.conf.py has patched the standard library for gevent before this is imported."""

import sys

from web.app import create_app
from web.logs import configure
from web.settings import BadSetting, load

try:
    settings = load()
except BadSetting as problem:
    sys.exit(f"halte: {problem}")
configure(settings.production)
application = create_app(settings)
