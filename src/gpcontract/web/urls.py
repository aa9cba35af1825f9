"""The addresses of the explorer."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, update_wrapper

from django.urls import path

from . import errors, health
from .api import VERSION, api
from .assets import asset
from .page import Page, page_at
from .pages import ahead, build, claims, compare, contracts, find, home, letter, methods, practices, reform, statement
from .pages import api as api_page

KINDS = ("practice", "network", "sub-board", "board", "region")


def _of(kind: str, **more: str) -> Callable[..., Page]:
    """The view of one kind of practice or area."""
    return update_wrapper(partial(statement.statement, kind=kind, **more), statement.statement)


urlpatterns = [
    *page_at("", home.home),
    path("search", find.sent),  # a code opens its page; the twins below list it
    *page_at("search", find.search, kept=False),
    *page_at("practice/<str:code>/letter", letter.letter),
    *(u for kind in KINDS for u in page_at(f"{kind}/<str:code>", _of(kind))),
    *page_at("england", _of("nation", code="ENG")),
    *page_at("contracts", contracts.contracts),
    *page_at("contract/<str:name>", contracts.contract),
    *page_at("compare", compare.compare),
    *page_at("practices", practices.practices),
    *page_at("claims", claims.claims),
    *page_at("claim/<slug:name>", claims.claim),
    *page_at("debate", claims.debate),
    *page_at("data", methods.data),
    *page_at("check", methods.check),
    *page_at("assumptions", methods.assumptions),
    *page_at("glossary", methods.glossary),
    *page_at("accessibility", methods.accessibility),
    *page_at("api", api_page.index),
    path(f"api/v{VERSION}/", api.urls),
    *page_at("build", build.build, kept=False),  # no two drafts are the same
    *page_at("ahead", ahead.ahead, kept=False),  # until it is done it changes
    path("ahead/run", ahead.begin),
    path("ahead/stop", ahead.stop),
    path("build/save", build.keep),
    path("build/read", build.bring),
    *page_at("reform/<str:sign>", reform.reform),
    path("reform/<str:sign>/file.yaml", reform.file),
    path("health/live", health.live),
    path("health/ready", health.ready),
    path("assets/<str:sign>/<path:name>", asset),
]
handler400 = errors.bad_request
handler404 = errors.not_found
handler500 = errors.failed
