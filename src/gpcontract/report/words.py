"""Figures as people read them."""

from __future__ import annotations


def pounds(pence: int) -> str:
    """Pence as pounds and pence: 123456 gives '£1,234.56'."""
    return f"{'−' if pence < 0 else ''}£{abs(pence) // 100:,}.{abs(pence) % 100:02d}"


def millions(pence: int) -> str:
    """Pence as millions of pounds: '£4,368.7m'."""
    return f"{'−' if pence < 0 else ''}£{abs(pence) / 1e8:,.1f}m"


GRADES = "A: official text or data. B: one good source. C: worked out, or one weak source. M: not confirmed, or a choice of design."


def in_words(pence: int) -> str:
    """A sum said aloud: '£11.4 billion', '£820 million', '£12,345'."""
    x = abs(pence) / 100
    sign = "−" if pence < 0 else ""
    if x >= 1e9:
        return f"{sign}£{x / 1e9:.1f} billion"
    if x >= 1e6:
        return f"{sign}£{x / 1e6:.1f} million"
    return f"{sign}£{x:,.0f}"


def people(x: float) -> str:
    """A count of patients: '63,611,204'."""
    return f"{x:,.0f}"
