"""Whether the explorer lives, and whether it is ready: what a load balancer or a container asks."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse

from . import desk as room


def live(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return _never_kept(JsonResponse({"status": "alive"}))


def ready(request: HttpRequest) -> HttpResponse:
    """England is read and contracts are priced, so that pages are quick; 503 until then."""
    if not room.is_ready():
        return _never_kept(JsonResponse({"status": "starting"}, status=503))
    here = room.desk()
    body = {"status": "ready", "england": here.england.title, "practices": len(here.england.codes)}
    return _never_kept(JsonResponse(body))


def _never_kept(made: HttpResponse) -> HttpResponse:
    made["Cache-Control"] = "no-store"
    return made
