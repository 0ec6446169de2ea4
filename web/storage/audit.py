"""Queries for the record of deeds."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.storage.models import AuditRow


def last(session: Session, count: int) -> list[AuditRow]:
    """The newest first."""
    return list(session.scalars(select(AuditRow).order_by(AuditRow.audit_id.desc()).limit(count)))
