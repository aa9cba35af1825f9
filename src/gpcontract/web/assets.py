"""The files that pages load: read once, squeezed once, and served under an address that changes when any of them does."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from functools import cache
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse

from ..report import document

HERE = Path(__file__).parent / "static"
CHARTS = Path(document.__file__).parent / "templates" / "charts.css"  # the report's: charts look the same in both
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".txt": "text/plain"}
FOREVER = "public, max-age=31536000, immutable"


@cache
def files() -> dict[str, tuple[bytes, bytes, str]]:
    """Each file by its name: its bytes, the same squeezed, and its type."""
    found = {p.relative_to(HERE).as_posix(): p for p in sorted(HERE.rglob("*")) if p.is_file()} | {"charts.css": CHARTS}
    made = {}
    for name, path in found.items():
        body = path.read_bytes()
        kind = TYPES.get(path.suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
        made[name] = (
            body,
            gzip.compress(body, 9, mtime=0),
            f"{kind}; charset=utf-8" if kind.startswith("text") else kind,
        )
    return made


@cache
def mark() -> str:
    """Eight digits that stand for what all the files hold."""
    made = hashlib.sha256()
    for name, (body, _, _) in files().items():
        made.update(name.encode() + body)
    return made.hexdigest()[:8]


PREFIX = f"/assets/{mark()}/"


def asset(request: HttpRequest, sign: str, name: str) -> HttpResponse:
    """One file. An old address gives the new file, to be asked for again."""
    if name not in files():
        raise Http404
    body, squeezed, kind = files()[name]
    small = "gzip" in request.headers.get("Accept-Encoding", "")
    made = HttpResponse(squeezed if small else body, content_type=kind)
    if small:
        made["Content-Encoding"] = "gzip"
    made["Vary"] = "Accept-Encoding"
    made["Cache-Control"] = FOREVER if sign == mark() else "no-cache"
    return made
