"""Typed settings from the environment, read once. A wrong value stops the start with its name and what is expected.

In development missing secrets are made and kept in the ignored folder `.halte/`; in production they are demanded.
"""

import base64
import binascii
import json
import os
import re
import secrets
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
MIN_SECRET = 24
N = TypeVar("N", int, float)


class BadSetting(Exception):
    """The message is one line: the setting's name, what is wrong, what is expected."""


@dataclass(frozen=True)
class Settings:
    """All of them; docs/settings.md says what each is for."""

    production: bool
    port: int
    public_urls: tuple[str, ...]
    database_url: str
    redis_url: str | None
    bot_url: str
    bot_secret: str
    bot_timeout: float
    master_key_id: str
    master_keys: Mapping[str, bytes]
    exit_url: str
    operator: str
    messages_per_10s: int
    starts_per_minute: int
    home: Path

    @property
    def secure_cookies(self) -> bool:
        """Browsers treat localhost as secure; any other plain http address is for trying things out only."""
        hosts = (urlsplit(url) for url in self.public_urls)
        return all(u.scheme == "https" or u.hostname in ("localhost", "127.0.0.1") for u in hosts)


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read all settings. Raises BadSetting."""
    env = dict(os.environ if environ is None else environ)
    production = _one_of(env, "HALTE_ENV", ("development", "production"), "development") == "production"
    home = Path(env.get("HALTE_HOME") or ROOT / ".halte")
    if not production:
        made = _development_secrets(home)
        if env.get("MASTER_KEYS_FILE"):
            del made["MASTER_KEYS"]
        env = made | {k: v for k, v in env.items() if v}
    port = _number(env, "PORT", 8000, int, 1, 65535)
    local = f"http://localhost:{port} http://127.0.0.1:{port}"
    database_url, redis_url = _database(env, f"sqlite:///{home / 'halte.sqlite'}"), _redis(env)
    processes = _number(env, "WEB_PROCESSES", 1, int, 1, 64)
    if processes > 1 and (database_url.startswith("sqlite") or redis_url is None):
        raise _bad("WEB_PROCESSES", f"is {processes}", "1, or DATABASE_URL of PostgreSQL and REDIS_URL as well")
    key_id = _demanded(env, "MASTER_KEY_ID", "a short name of the current master key", "k1")
    return Settings(
        production=production,
        port=port,
        public_urls=_urls(env, "PUBLIC_URL", None if production else local),
        database_url=database_url,
        redis_url=redis_url,
        bot_url=_urls(env, "BOT_URL", "http://127.0.0.1:5005")[0],
        bot_secret=_secret(env, "BOT_SECRET"),
        bot_timeout=_number(env, "BOT_TIMEOUT", 2.0, float, 0.1, 10),
        master_key_id=key_id,
        master_keys=_master_keys(env, key_id),
        exit_url=_urls(env, "EXIT_URL", "https://www.wikipedia.org")[0],
        operator=env.get("OPERATOR_NAME", "").strip() or "Halte voorbeeldlijn",
        messages_per_10s=_number(env, "MESSAGES_PER_10S", 20, int, 1, 100_000),
        starts_per_minute=_number(env, "STARTS_PER_MINUTE", 120, int, 1, 1_000_000),
        home=home,
    )


def _development_secrets(home: Path) -> dict[str, str]:
    path = home / "secrets.json"
    if path.exists():
        stored: dict[str, str] = json.loads(path.read_text())
        return stored
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = {
        "BOT_SECRET": secrets.token_urlsafe(32),
        "MASTER_KEY_ID": "dev1",
        "MASTER_KEYS": "dev1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
    }
    # Web and worker start together: only one of them may win, the other reads what it made.
    temporary = home / f"secrets.{os.getpid()}.tmp"
    temporary.write_text(json.dumps(made))
    temporary.chmod(0o600)
    try:
        os.link(temporary, path)
    except FileExistsError:
        made = json.loads(path.read_text())
    finally:
        temporary.unlink()
    return made


def _bad(name: str, problem: str, expected: str) -> BadSetting:
    return BadSetting(f"Setting {name} {problem}. Expected: {expected}.")


def _demanded(env: Mapping[str, str], name: str, expected: str, default: str | None = None) -> str:
    value = env.get(name, "").strip() or default
    if not value:
        raise _bad(name, "is missing", expected)
    return value


def _one_of(env: Mapping[str, str], name: str, allowed: tuple[str, ...], default: str) -> str:
    value = env.get(name, "").strip() or default
    if value not in allowed:
        raise _bad(name, f"is {value!r}", " or ".join(allowed))
    return value


def _number(env: Mapping[str, str], name: str, default: N, kind: Callable[[str], N], low: float, high: float) -> N:
    raw = env.get(name, "").strip()
    try:
        value = kind(raw) if raw else default
    except ValueError:
        raise _bad(name, f"is {raw!r}", f"a number from {low} to {high}") from None
    if not low <= value <= high:
        raise _bad(name, f"is {raw!r}", f"a number from {low} to {high}")
    return value


def _urls(env: Mapping[str, str], name: str, default: str | None) -> tuple[str, ...]:
    expected = "one or more addresses such as https://help.example.org, separated by spaces"
    urls = tuple(url.rstrip("/") for url in _demanded(env, name, expected, default).split())
    for url in urls:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise _bad(name, f"holds {url!r}", expected)
    return urls


def _database(env: Mapping[str, str], default: str) -> str:
    url = env.get("DATABASE_URL", "").strip() or default
    if url.startswith("postgresql://"):
        url = url.replace("postgresql://", "postgresql+psycopg://", 1)
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise _bad("DATABASE_URL", "is of an unknown kind", "sqlite:///FILE or postgresql://USER@HOST/NAME")
    return url


def _redis(env: Mapping[str, str]) -> str | None:
    url = env.get("REDIS_URL", "").strip()
    if url and not url.startswith(("redis://", "rediss://", "unix://")):
        raise _bad("REDIS_URL", "is of an unknown kind", "redis://HOST:PORT/0, or nothing")
    return url or None


def _secret(env: Mapping[str, str], name: str) -> str:
    expected = f"at least {MIN_SECRET} random characters, the same for web, worker and bot"
    value = _demanded(env, name, expected)
    if len(value) < MIN_SECRET:
        raise _bad(name, "is too short", expected)
    return value


def _key_file(path: Path) -> str:
    """One ID:BASE64 a line; blank lines and lines with # are skipped."""
    expected = "a file of ID:BASE64 lines that only its owner may read (chmod 600)"
    try:
        about = path.stat()
        lines = path.read_text().splitlines()
    except OSError:
        raise _bad("MASTER_KEYS_FILE", "cannot be read", expected) from None
    if not stat.S_ISREG(about.st_mode) or stat.S_IMODE(about.st_mode) & 0o077:
        raise _bad("MASTER_KEYS_FILE", "can be read by others", expected)
    return "\n".join(line for line in lines if not line.lstrip().startswith("#"))


def _master_keys(env: Mapping[str, str], current: str) -> dict[str, bytes]:
    expected = "ID:BASE64 of 32 random bytes, several separated by spaces, the current one among them"
    keys = {}
    path = env.get("MASTER_KEYS_FILE", "").strip()
    if path and env.get("MASTER_KEYS", "").strip():
        raise _bad("MASTER_KEYS_FILE", "and MASTER_KEYS are both set", "one of the two")
    given = _key_file(Path(path)) if path else _demanded(env, "MASTER_KEYS", expected)
    for item in given.split():
        key_id, _, encoded = item.partition(":")
        if not re.fullmatch(r"[\w.-]{1,24}", key_id, re.ASCII):
            raise _bad("MASTER_KEYS", f"has a key called {key_id!r}", "1 to 24 letters, digits, dots, dashes")
        try:
            keys[key_id] = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            raise _bad("MASTER_KEYS", "holds a key that is not Base64", expected) from None
    if any(len(key) != 32 for key in keys.values()) or current not in keys:
        raise _bad("MASTER_KEYS", f"has a key of another length or none called {current!r}", expected)
    return keys
