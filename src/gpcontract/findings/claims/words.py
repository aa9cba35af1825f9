"""Numbers in words for readings: pounds, per cent, counts."""

from __future__ import annotations


def pounds(x: float) -> str:
    """A sum as a reader would say it.

    >>> pounds(6_300_000_000), pounds(538_432_444), pounds(8.6664), pounds(-12_500)
    ('£6.3bn', '£538m', '£8.67', '-£12,500')
    """
    sign, size = ("-" if x < 0 else ""), abs(x)
    if size >= 1e9:
        return f"{sign}£{size / 1e9:.1f}bn"
    if size >= 1e6:
        return f"{sign}£{size / 1e6:,.0f}m" if size >= 1e7 else f"{sign}£{size / 1e6:.1f}m"
    return f"{sign}£{size:,.0f}" if size >= 100 else f"{sign}£{size:.2f}"


def percent(x: float, places: int = 0) -> str:
    """A fraction as a percentage.

    >>> percent(0.0526, 1)
    '5.3%'
    """
    return f"{100 * x:.{places}f}%"


def count(x: float) -> str:
    """A count without decimals.

    >>> count(6248.7)
    '6,249'
    """
    return f"{x:,.0f}"


def more_or_less(x: float, places: int = 0) -> str:
    """A change as '5% more' or '3% less'.

    >>> more_or_less(-0.07)
    '7% less'
    """
    return f"{percent(abs(x), places)} {'more' if x >= 0 else 'less'}"
