"""Structured logs: JSON lines in production, readable ones in development. No address, no words of a visitor."""

import logging
import sys
from typing import Any

import structlog


def configure(production: bool) -> None:
    """Called once by each process."""
    renderer: Any = structlog.processors.JSONRenderer()
    if not production:
        renderer = structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    # Libraries below warning are silent: their lines may hold addresses or texts.
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    # A bot that is down while many ask would fill the log with its pool's remarks; we log that it is unreachable.
    logging.getLogger("urllib3").setLevel(logging.ERROR)
