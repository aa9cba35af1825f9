"""Seconds to make the synthetic England: one year, and all 23 (bound: 2 s)."""

from __future__ import annotations

from time import perf_counter

from gpcontract.england.facts import England


def best(years: tuple[int, ...], times: int = 3) -> float:
    """The least of some timings, in seconds."""
    found = []
    for _ in range(times):
        start = perf_counter()
        England.synthetic(1, years)
        found.append(perf_counter() - start)
    return min(found)


if __name__ == "__main__":
    for label, years in (("2024/25", (2024,)), ("2004/05 to 2026/27", tuple(range(2004, 2027)))):
        print(f"synthetic England, {label:20s} {best(years):6.3f} s")
