"""gunicorn for Halte: one gevent worker by default (SQLite); more only with PostgreSQL and Redis."""

from gevent import monkey

# Before anything else is imported: psycopg, redis and urllib3 yield only when patched.
monkey.patch_all()

import os  # noqa: E402

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "gevent"
workers = int(os.environ.get("WEB_PROCESSES", "1"))
worker_connections = 20_000
backlog = 4096
graceful_timeout = 5
accesslog = None  # an access log holds addresses; there is none
loglevel = "warning"
proc_name = "halte-web"
