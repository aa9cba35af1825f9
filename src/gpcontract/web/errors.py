"""Errors as pages: what was wrong, what was expected, and where to go next, in the form that was asked for."""

from __future__ import annotations

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from ..engine.errors import GpContractError, InputError

SAID = {
    400: ("There is a problem with this address", "Something in the address could not be understood."),
    403: ("This was not sent from here", "A reform is saved only from a page of this explorer."),
    404: ("Page not found", "There is nothing at this address."),
    405: ("This page cannot be asked in that way", "Open its address in a browser instead."),
    413: ("That is too large", "A reform is short text. Send less than 256 kilobytes."),
    500: ("There is a problem with the explorer", "The fault is ours, and it is in the log. Try again later."),
    503: ("Try again in a little while", "The explorer is busy, or reading its data."),
}


class NotHere(InputError):
    """Something that is not in this England, or not in this explorer: shown as 'page not found' with what is near."""


def mistake(request: HttpRequest, status: int, error: GpContractError | None = None) -> HttpResponse:
    """The page of an error, or its JSON or plain text where that was asked for."""
    title, said = SAID.get(status, SAID[500])
    body = {"status": status, "title": title, "problem": error.problem if error else said}
    if error is not None:
        body |= {k: v for k, v in (("expected", error.expected), ("hint", error.hint)) if v}
    if request.path.endswith(".json") or request.path.startswith("/api/"):
        return JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})
    if request.path.endswith(".csv"):
        text = "\n".join(f"{k}: {v}" for k, v in body.items())
        return HttpResponse(text + "\n", status=status, content_type="text/plain; charset=utf-8")
    if status == 500 and getattr(request, "has_failed", False):  # the page of the mistake was itself mistaken
        return HttpResponse(f"{title}. {said}", status=status, content_type="text/plain; charset=utf-8")
    request.has_failed = True  # type: ignore[attr-defined]
    return render(request, "mistake.html", body | {"path": request.path, "page": {}}, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's own 400: most of all a name of the website that it was not told of."""
    if isinstance(exception, DisallowedHost):
        name = request.META.get("HTTP_HOST", "")[:80]
        hint = f"whoever runs it can start it with `gpcontract serve --name {name.partition(':')[0]}`"
        return mistake(request, 400, InputError(f"this website does not answer to the name '{name}'", hint=hint))
    return mistake(request, 400)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's own 404."""
    return mistake(request, 404)


def failed(request: HttpRequest) -> HttpResponse:
    """Django's own 500."""
    return mistake(request, 500)
