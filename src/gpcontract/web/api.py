"""The HTTP interface: what the pages hold, as JSON, described by OpenAPI. Each answer is the JSON twin of a page."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Path, Query, Schema
from ninja.errors import HttpError, ValidationError
from pydantic import Field

from ..contracts.explain import explain
from ..engine.edits import Reform
from ..engine.errors import GpContractError
from ..engine.years import year_name
from ..findings import claims as claims_room
from ..report.files import json_text
from . import asked
from .desk import desk
from .errors import NotHere, mistake
from .pages import claims, compare, contracts, find, methods, practices, said, statement
from .store import save, saved

VERSION = "1"
MISTAKE = {
    "type": "object",
    "required": ["status", "title", "problem"],
    "properties": {k: {"type": "integer" if k == "status" else "string"} for k in ("status", "title", "problem", "expected", "hint")},
}  # fmt: skip
KINDS = Literal["practice", "network", "sub-board", "board", "region"]
Contract = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,60}(\+[0-9a-f]{12})?$", description="A contract, or one with a saved reform: national+1a2b3c4d5e6f", examples=["hewitt_review"])]  # fmt: skip
Year = Annotated[
    str, Field(pattern=r"^(19|20)[0-9]{2}(/[0-9]{2})?$", description="A financial year", examples=["2024/25"])
]
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9]{1,12}$", description="An ODS code", examples=["A81001"])]

api = NinjaAPI(
    title="gpcontract explorer",
    version=VERSION,
    description="The English GP contract and proposals to replace it, priced for every practice. Nothing here is personal data.",
    docs_url=None,
    openapi_url="/openapi.json",
    urls_namespace="api",
)


def _told(*statuses: int, made: int = 200) -> dict[str, Any]:
    """The answers that a route can give, for OpenAPI."""
    said_ = {
        200: "What was asked for",
        201: "Saved",
        400: "A mistake in what was asked",
        404: "Not here",
        413: "Too large",
        422: "Not of the right form",
    }
    body = {"application/json": {"schema": {"type": "object"}}}
    wrong = {"application/json": {"schema": MISTAKE}}
    return {
        "responses": {made: {"description": said_[made], "content": body}}
        | {s: {"description": said_[s], "content": wrong} for s in statuses}
    }


def answer(body: Any, status: int = 200) -> HttpResponse:
    """Plain data as JSON, null where nothing is known."""
    return HttpResponse(json_text(body), status=status, content_type="application/json")


@api.exception_handler(GpContractError)
def _mistaken(request: HttpRequest, error: GpContractError) -> HttpResponse:
    return mistake(request, 404 if isinstance(error, NotHere) else 400, error)


@api.exception_handler(ValidationError)
def _misformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
    first = error.errors[0] if error.errors else {}
    where = ".".join(str(x) for x in first.get("loc", ())[1:])
    return answer(
        {"status": 422, "title": "Not of the right form", "problem": f"{where}: {first.get('msg', 'not understood')}"},
        422,
    )


@api.exception_handler(HttpError)
def _refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    return answer({"status": error.status_code, "title": "Not understood", "problem": str(error)}, error.status_code)


@api.get("/england", summary="What was loaded, from where, and what is missing", openapi_extra=_told(), tags=["data"])
def england(request: HttpRequest) -> HttpResponse:
    """The facts held of each practice with their files."""
    return answer(methods.data(request).to_dict())


@api.get("/search", summary="Find practices and areas", openapi_extra=_told(400, 422), tags=["find"])
def search(
    request: HttpRequest,
    q: Annotated[str, Query(min_length=1, max_length=100, description="Name, code or postcode")],
    most: Annotated[int, Query(ge=1, le=100)] = find.MOST,
    page: Annotated[int, Query(ge=1, le=find.PAGES)] = 1,
) -> HttpResponse:
    """Practices, networks, boards and regions by name, code, postcode or place; spelling need not be right."""
    return answer(find.search(request).to_dict())


@api.get("/contracts", summary="The contracts", openapi_extra=_told(), tags=["contracts"])
def list_contracts(request: HttpRequest) -> HttpResponse:
    """Every contract: whose, when, how many mechanisms."""
    return answer(contracts.contracts(request).to_dict())


@api.get("/contracts/{name}", summary="One contract", openapi_extra=_told(400, 404, 422), tags=["contracts"])
def one_contract(
    request: HttpRequest, name: Path[Contract], year: Annotated[Year | None, Query()] = None
) -> HttpResponse:
    """Its mechanisms, lines and figures in a year, with sources and grades."""
    return answer(contracts.contract(request, name).to_dict())


@api.get("/statements/england", summary="The bill of England", openapi_extra=_told(400, 422), tags=["statements"])
def bill(
    request: HttpRequest, contract: Annotated[Contract | None, Query()] = None, year: Annotated[Year | None, Query()] = None
) -> HttpResponse:  # fmt: skip
    """Every line of England under a contract."""
    return answer(statement.statement(request, "nation", "ENG").to_dict())


@api.get("/statements/{kind}/{code}", summary="A statement", openapi_extra=_told(400, 404, 422), tags=["statements"])
def one_statement(
    request: HttpRequest, kind: Path[KINDS], code: Path[Code],
    contract: Annotated[Contract | None, Query()] = None, year: Annotated[Year | None, Query()] = None,
) -> HttpResponse:  # fmt: skip
    """Every line of a practice, network, sub-board, board or region, and what each contract would pay."""
    return answer(statement.statement(request, kind, code).to_dict())


@api.get("/statements/{kind}/{code}/explain", summary="The working behind a statement", openapi_extra=_told(400, 404, 422), tags=["statements"])  # fmt: skip
def explained(
    request: HttpRequest, kind: Path[KINDS], code: Path[Code], line: Annotated[str | None, Query(max_length=60)] = None,
    contract: Annotated[Contract | None, Query()] = None, year: Annotated[Year | None, Query()] = None,
) -> HttpResponse:  # fmt: skip
    """The tree behind a statement, or behind one of its lines: rules, figures, facts, clauses and sources."""
    here = desk()
    at, name = asked.year(request, here), asked.contract(request, here)
    subject = said.subject_at(here, kind.replace("-", "_"), code, at)
    result = here.result(name, at)
    tree = explain(result, subject.code, at, line or None, paid=True)
    return answer({**result.facts_of(), "contract_name": name, "year": year_name(at), "tree": tree.to_dict()})


@api.get("/compare", summary="Contracts side by side", openapi_extra=_told(400, 422), tags=["compare"])
def compared(
    request: HttpRequest, contract: Annotated[list[Contract] | None, Query(max_length=asked.MOST)] = None,
    year: Annotated[Year | None, Query()] = None, show: Annotated[Literal[tuple(compare.SHOWN)] | None, Query()] = None,  # type: ignore[valid-type]
) -> HttpResponse:  # fmt: skip
    """Costs, winners and losers, equity, spread, risk and holders, one part at a time. Without contracts: the six of the debate."""
    return answer(compare.compare(request).to_dict())


@api.get("/practices", summary="Every practice under a contract", openapi_extra=_told(400, 422), tags=["compare"])
def every_practice(
    request: HttpRequest, contract: Annotated[Contract | None, Query()] = None, year: Annotated[Year | None, Query()] = None,
    within: Annotated[Code | None, Query()] = None, across: Annotated[Literal[tuple(practices.ACROSS)] | None, Query()] = None,  # type: ignore[valid-type]
) -> HttpResponse:  # fmt: skip
    """What each practice would be paid, and its change against the national contract."""
    return answer(practices.practices(request).to_dict())


@api.get("/claims", summary="Claims of the debate", openapi_extra=_told(400, 422), tags=["claims"])
def all_claims(
    request: HttpRequest, theme: Annotated[Literal[tuple(claims.THEMES)] | None, Query()] = None,  # type: ignore[valid-type]
    verdict: Annotated[Literal[claims_room.VERDICTS] | None, Query()] = None,  # type: ignore[valid-type]
) -> HttpResponse:  # fmt: skip
    """Each statement with its number, range, inputs, verdict, and what it cannot tell."""
    return answer(claims.claims(request).to_dict())


@api.get("/claims/{name}", summary="One claim", openapi_extra=_told(404, 422), tags=["claims"])
def one_claim(request: HttpRequest, name: Annotated[str, Path(pattern=r"^[a-z0-9-]{1,80}$")]) -> HttpResponse:
    """One claim in full."""
    return answer(claims.claim(request, name).to_dict())


class Edits(Schema):
    """Edits on a contract: what a reform is."""

    contract: Contract = "national"
    edits: Annotated[list[dict[str, Any]], Field(max_length=500, description="Edits as a reform's JSON has them", examples=[[{"kind": "scale", "value": "global_sum_price", "amount": 1.05}]])]  # fmt: skip
    title: Annotated[str, Field(max_length=120)] = ""
    year: Year | None = None


@api.post("/price", summary="Price edits without saving them", openapi_extra=_told(400, 413, 422), tags=["reforms"])
def price(request: HttpRequest, body: Edits) -> HttpResponse:
    """The bill of England with some edits, and who gains and loses; only what the edits reach is worked out again."""
    here = desk()
    name, reform = _read(body)
    year = asked.year_of(body.year or "", here)
    money = here.edited(name, reform, year)
    return answer(
        here.moved(money, year)
        | {"reform": reform.hash, "contract": name, "edits_in_words": [e.said for e in reform.edits]}
    )


@api.post("/reforms", summary="Save a reform", openapi_extra=_told(400, 413, 422, made=201), tags=["reforms"])
def save_reform(request: HttpRequest, body: Edits) -> HttpResponse:
    """Keep edits under their hash, so that anyone can open them: `contract+hash` names it on every page."""
    here = desk()
    name, reform = _read(body)
    here.contract(name).with_reform(reform)  # an edit of what is not there is refused here
    made = save(reform, name.partition("+")[0], body.title)
    return answer({"hash": reform.hash, "name": made.name, "title": made.title, "address": made.address()}, 201)


@api.get("/reforms/{sign}", summary="A saved reform", openapi_extra=_told(404, 422), tags=["reforms"])
def one_reform(
    request: HttpRequest, sign: Annotated[str, Path(pattern=r"^[0-9a-f]{12}$")], base: Annotated[Contract | None, Query()] = None,
) -> HttpResponse:  # fmt: skip
    """Its edits, title and the contract that it was made on: the first, or the one that `base` names."""
    made = saved(sign, base or "")
    edits = [e.as_dict() for e in made.reform.edits]
    return answer({"hash": sign, "name": made.name, "title": made.title, "contract": made.base, "edits": edits, "edits_in_words": [e.said for e in made.reform.edits]})  # fmt: skip


def _read(body: Edits) -> tuple[str, Reform]:
    """The contract and the reform of a body; what is wrong with an edit is said."""
    name = asked.known_contract(body.contract, desk())
    return name, Reform.from_json(json.dumps(body.edits), body.title)
