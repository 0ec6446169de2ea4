"""Secrets of the installation that must outlive a change of the master key."""

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from web.storage.base import Base


class SecretRow(Base):
    """Wrapped by a master key, as the keys of conversations are."""

    __tablename__ = "secret"

    name: Mapped[str] = mapped_column(String(24), primary_key=True)
    key_id: Mapped[str] = mapped_column(String(24))
    wrapped_key: Mapped[bytes] = mapped_column(LargeBinary)
