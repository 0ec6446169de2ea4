"""The published words: articles, phrases and referrals."""

from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from web.storage.base import Base, enum_by_value


class ContentKind(StrEnum):
    ARTICLE = "article"
    PHRASE = "phrase"
    REFERRAL = "referral"


class ContentRow(Base):
    """One published text in one language ('' for a referral, which holds both).

    `document` has the fields of the core's dataclass. `digest` is that of the seed file the row came from, so
    that a changed seed is taken over and an unchanged one costs nothing.
    """

    __tablename__ = "content"
    __table_args__ = (UniqueConstraint("language", "slug"),)

    kind: Mapped[ContentKind] = mapped_column(enum_by_value(ContentKind, "content_kind"), primary_key=True)
    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    language: Mapped[str] = mapped_column(String(2), primary_key=True)
    slug: Mapped[str | None] = mapped_column(String(80))
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64))
