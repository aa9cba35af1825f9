"""What happens around every page: a line in the log, the headers that keep a browser safe, and mistakes as pages."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation, TooManyFieldsSent
from django.http import Http404, HttpRequest, HttpResponse

from ..engine.errors import GpContractError
from .errors import NotHere, mistake

Answer = Callable[[HttpRequest], HttpResponse]
log = logging.getLogger("gpcontract.web")

POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), interest-cohort=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
PAGE = "public, max-age=60"  # a page changes only when the server is started anew


def told(answer: Answer) -> Answer:
    """One line of log for each request: what was asked, how it ended and how long it took. No address, no query, no agent."""

    def around(request: HttpRequest) -> HttpResponse:
        start = time.perf_counter()
        response = answer(request)
        took = 1000 * (time.perf_counter() - start)
        if not request.path.startswith(("/assets/", "/health/")):
            log.info("%s %s %s %.0f ms", request.method, _plain(request.path), response.status_code, took)
        return response

    return around


def _plain(path: str) -> str:
    """A path as it may stand in a log: one line, and not long."""
    return path[:120].encode("ascii", "backslashreplace").decode().replace("\n", "\\n").replace("\r", "\\r")


def guarded(answer: Answer) -> Answer:
    """The headers that every answer carries."""

    def around(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if request.method == "HEAD" and not response.streaming:
            response.headers.setdefault("Content-Length", str(len(response.content)))
            response.content = b""
        if request.is_secure():
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if response.status_code == 200 and request.method in ("GET", "HEAD"):
            response.headers.setdefault("Cache-Control", PAGE)
        else:
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return around


class mistakes:
    """A mistake of the reader's is a page that says what was wrong, and one of ours a page that says so, without a trace."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page of an error."""
        if isinstance(error, NotHere):
            return mistake(request, 404, error)
        if isinstance(error, GpContractError):
            return mistake(request, 400, error)
        if isinstance(error, Http404):
            return mistake(request, 404)
        if isinstance(error, (RequestDataTooBig, TooManyFieldsSent)):
            return mistake(request, 413)
        if isinstance(error, SuspiciousOperation):
            return mistake(request, 400)
        log.exception("a mistake of ours at %s", _plain(request.path))
        return mistake(request, 500)
