"""What leaves smaller than it is: the assets as the build compressed them, and each page as it is made."""

import json
import mimetypes
from pathlib import Path

from flask import Flask, Response, request, send_from_directory
from flask_compress import Compress
from werkzeug.exceptions import NotFound

from web.settings import ROOT

DIST = ROOT / "web" / "static" / "dist"
PACKED = {"br": ".br", "gzip": ".gz"}  # best first


def register(app: Flask) -> None:
    """Before all other work on an answer, so that compressing comes last."""
    app.config.update(
        COMPRESS_MIMETYPES=["text/html"],
        COMPRESS_ALGORITHM=list(PACKED),
        COMPRESS_BR_LEVEL=5,  # 1 ms for the largest page; 11 would save a tenth and take forty times as long
        COMPRESS_STREAMS=False,
        COMPRESS_EVALUATE_CONDITIONAL_REQUEST=False,  # pages have no ETag
    )
    Compress(app)
    manifest = read_manifest(DIST / "manifest.json")
    served = frozenset(manifest.values())

    def assets(filename: str) -> Response:
        if filename not in served:
            raise NotFound
        return send_asset(filename)

    app.add_url_rule("/assets/<filename>", "assets", assets)
    app.jinja_env.globals["asset"] = lambda name: f"/assets/{manifest[name]}"


def send_asset(filename: str) -> Response:
    encoding = request.accept_encodings.best_match(PACKED)
    # best_match falls back on nothing, but an `identity` that is liked better counts as well.
    if encoding and request.accept_encodings[encoding] < request.accept_encodings["identity"]:
        encoding = None
    kind, _ = mimetypes.guess_type(filename)
    answer = send_from_directory(DIST, filename + (PACKED[encoding] if encoding else ""), mimetype=kind)
    if encoding:
        answer.headers["Content-Encoding"] = encoding
    answer.vary.add("Accept-Encoding")
    return answer


def read_manifest(path: Path) -> dict[str, str]:
    """Plain name -> fingerprinted name, as the front end's build wrote it."""
    if not path.exists():
        raise FileNotFoundError(f"{path.relative_to(ROOT)} is missing: run `make build` first")
    manifest: dict[str, str] = json.loads(path.read_text())
    return manifest
