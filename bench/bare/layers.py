"""What a real product adds to each message, one layer at a time: `seal` encrypts, `store` commits."""

import os
import time
from functools import lru_cache

LAYERS = set(filter(None, os.environ.get("BARE", "").split("+")))


def seal(conversation, text):
    return text.encode()


def store(conversation, body):
    pass


if "aes" in LAYERS:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    MASTER = os.environ.get("BARE_KEY", "0" * 32).encode()

    @lru_cache(20_000)
    def cipher(conversation):
        return AESGCM(HKDF(hashes.SHA256(), 32, None, conversation.encode()).derive(MASTER))

    def seal(conversation, text):
        nonce = os.urandom(12)
        return nonce + cipher(conversation).encrypt(nonce, text.encode(), conversation.encode())


if LAYERS & {"sqlite", "sqlitefull", "pg"}:
    from sqlalchemy import LargeBinary, String, create_engine, event
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, sessionmaker

    class Base(DeclarativeBase):
        pass

    class Message(Base):
        __tablename__ = "message"
        id: Mapped[int] = mapped_column(primary_key=True)
        conversation: Mapped[str] = mapped_column(String(16), index=True)
        at: Mapped[float]
        body: Mapped[bytes] = mapped_column(LargeBinary)

    if "pg" in LAYERS:
        engine = create_engine(os.environ["BARE_DATABASE"], pool_size=10, max_overflow=0, pool_timeout=30)
    else:
        engine = create_engine(os.environ["BARE_DATABASE"], pool_size=10)

        @event.listens_for(engine, "connect")
        def tune(connection, record):
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute(f"PRAGMA synchronous={'FULL' if 'sqlitefull' in LAYERS else 'NORMAL'}")
            connection.execute("PRAGMA busy_timeout=5000")

    Base.metadata.create_all(engine)
    Session = sessionmaker(engine, expire_on_commit=False)

    def store_orm(conversation, body):
        with Session.begin() as session:
            session.add(Message(conversation=conversation, at=time.time(), body=body))

    insert = Message.__table__.insert()

    def store_core(conversation, body):
        with engine.begin() as connection:
            connection.execute(insert, {"conversation": conversation, "at": time.time(), "body": body})

    if "group" in LAYERS:
        import gevent
        from gevent.event import AsyncResult
        from gevent.queue import Queue

        inbox = Queue()

        def write_groups():
            """One commit for whatever arrived during the previous commit; every sender waits for its own."""
            while True:
                group = [inbox.get()]
                gevent.sleep(0)
                while not inbox.empty():
                    group.append(inbox.get())
                try:
                    with engine.begin() as connection:
                        connection.execute(insert, [row for row, _ in group])
                except Exception as error:
                    for _, committed in group:
                        committed.set_exception(error)
                else:
                    for _, committed in group:
                        committed.set(True)

        def store_group(conversation, body):
            committed = AsyncResult()
            inbox.put(({"conversation": conversation, "at": time.time(), "body": body}, committed))
            committed.get()

        gevent.spawn(write_groups)
        store = store_group
    else:
        store = store_core if "core" in LAYERS else store_orm
