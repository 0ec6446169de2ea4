"""Security headers on every answer, and the check that a form was sent from this site."""

from flask import Flask, Response, abort, request

from web.http.context import parts

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# The chat without a script shows its messages in a frame, which asks for them again and again (web/chat/plain.py).
# Only these may be in a frame, and hold one.
FRAMED = {
    "Content-Security-Policy": CSP.replace("frame-ancestors 'none'", "frame-ancestors 'self'"),
    "X-Frame-Options": "SAMEORIGIN",
}
FRAMING = {"Content-Security-Policy": f"{CSP}; frame-src 'self'"}
OTHERWISE = {"plain.talk": FRAMED, "plain.show": FRAMING, "plain.say": FRAMING}
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), browsing-topics=(), interest-cohort=()",
}
YEAR = 31_536_000


def register(app: Flask) -> None:
    app.before_request(refuse_foreign_forms)
    app.after_request(add_headers)


def refuse_foreign_forms() -> None:
    """Another site may not send forms here. Our cookies are SameSite=Strict as well, so a browser that tells
    nothing about the sender can do no harm with them."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in ("same-origin", "none"):
        abort(403)
    origin = request.headers.get("Origin")
    # Our own Referrer-Policy makes browsers send 'null' from our own pages.
    if site is None and origin not in (None, "null", *parts().settings.public_urls):
        abort(403)


def add_headers(response: Response) -> Response:
    for name, value in (HEADERS | OTHERWISE.get(request.endpoint or "", {})).items():
        response.headers[name] = value
    # Not request.host: for a host that is not ours it raises, and the refusal needs these headers as well.
    host = request.environ.get("HTTP_HOST", "").split(":")[0]
    if request.is_secure and not host.endswith(".onion"):
        response.headers["Strict-Transport-Security"] = f"max-age={2 * YEAR}; includeSubDomains"
    if request.endpoint == "assets" and response.status_code in (200, 304):
        response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    elif "Cache-Control" not in response.headers:
        # Behind 'back' there must be nothing, and a shared cache must not keep a page for the next person.
        response.headers["Cache-Control"] = "no-store"
    return response
