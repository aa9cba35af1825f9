"""Every page of the explorer by example, on the synthetic England: what the tests in a browser open."""

from __future__ import annotations

CHANGED = "value=global_sum_price&way=raise&amount=6&practice=S00001"
PAGES: dict[str, str] = {
    "home": "/",
    "search": "/search?q=practise+0001",
    "search, nothing found": "/search?q=zzzzqqqq",
    "practice": "/practice/S00001",
    "practice, another contract": "/practice/S00001?contract=hewitt_review",
    "letter": "/practice/S00001/letter",
    "network": "/network/SN0991",
    "sub-board": "/sub-board/SS064",
    "board": "/board/SB36",
    "region": "/region/SR6",
    "england": "/england?contract=at_your_service",
    "contracts": "/contracts",
    "contract": "/contract/hewitt_review",
    "compare": "/compare",
    "compare, winners": "/compare?contract=national&contract=at_your_service&show=winners",
    "practices": "/practices?contract=at_your_service",
    "claims": "/claims",
    "claim": "/claim/navigation-frees-gps",
    "debate": "/debate",
    "build": "/build",
    "build, with changes": f"/build?{CHANGED}",
    "build, with mistakes": "/build?base=hewitt_review&off=ladder&value=global_sum_price&way=raise&amount=six&practice=NOBODY",
    "reform": "/reform/SAVED",
    "years ahead": "/ahead?contract=national&years=5",
    "years ahead, to be run": "/ahead?contract=national&contract=at_your_service&draws=100",
    "years ahead, waiting": "/ahead?seed=2",
    "years ahead, with mistakes": "/ahead?funding_growth=lots",
    "data": "/data",
    "check": "/check",
    "assumptions": "/assumptions",
    "glossary": "/glossary",
    "accessibility": "/accessibility",
    "api": "/api",
    "mistake": "/practice/NOBODY",
}
#: Pages that answer with another status than 200.
STATUS = {
    "mistake": 404,
    "build, with mistakes": 400,
    "years ahead, with mistakes": 400,
    "years ahead, waiting": 202,
}
