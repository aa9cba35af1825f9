"""The page that describes the HTTP interface, made from its own OpenAPI description."""

from __future__ import annotations

from django.http import HttpRequest

from ...report.tables import Column, Table
from ..page import Page
from .methods import TRAIL


def index(request: HttpRequest) -> Page:
    """Every route with what it takes."""
    from ..api import VERSION, api

    schema = api.get_openapi_schema()
    routes = []
    for address, methods in schema["paths"].items():
        for method, route in methods.items():
            takes = [
                (p["name"], p["in"], p.get("required", False), _said(p["schema"])) for p in route.get("parameters", ())
            ]
            routes.append(
                {
                    "method": method.upper(),
                    "path": address,
                    "summary": route["summary"],
                    "about": route.get("description", ""),
                    "takes": takes,
                }
            )
    columns = (
        Column("method", "Method"),
        Column("path", "Address"),
        Column("summary", "What it gives"),
        Column("takes", "What it takes"),
    )
    rows = tuple((r["method"], r["path"], r["summary"], ", ".join(t[0] for t in r["takes"])) for r in routes)
    return Page(
        "The API",
        "Every page is data too: add .json or .csv to its address. Beside that there is one interface to all of it.",
        "api.html",
        trail=TRAIL,
        tables=(Table("routes", "Routes of the API", columns, rows),),
        data={"version": VERSION, "openapi": f"/api/v{VERSION}/openapi.json"},
        extra={"routes": routes, "openapi": f"/api/v{VERSION}/openapi.json"},
    )


def _said(schema: dict) -> str:
    """What a parameter may be, in words."""
    parts = [s for s in schema.get("anyOf", [schema]) if s.get("type") != "null"]
    one = parts[0] if parts else {}
    if "items" in one:
        one = one["items"]
    words = one.get("description") or ", ".join(map(str, one.get("enum", ()))) or str(one.get("type", "text"))
    return words + (f", from {one['minimum']} to {one['maximum']}" if "minimum" in one and "maximum" in one else "")
