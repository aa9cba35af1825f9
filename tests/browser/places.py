"""Every page of the explorer by example, on the synthetic England: what the tests in a browser open."""

from __future__ import annotations

PAGES: dict[str, str] = {
    "home": "/",
    "search": "/search?q=practice+0001",
    "search, nothing found": "/search?q=zzzzqqqq",
    "practice": "/practice/S00001",
    "practice, another contract": "/practice/S00001?contract=hewitt_review",
    "network": "/network/SN0991",
    "sub-board": "/sub-board/SS064",
    "board": "/board/SB36",
    "region": "/region/SR6",
    "england": "/england?contract=at_your_service",
    "build": "/build",
    "build, with changes": "/build?value=global_sum_price&way=raise&amount=6&practice=S00001",
    "build, with mistakes": "/build?base=hewitt_review&off=ladder&value=global_sum_price&way=raise&amount=six&practice=NOBODY",
    "mistake": "/practice/NOBODY",
}
