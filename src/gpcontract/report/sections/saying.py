"""How the report says things: sums aloud, changes in words, contracts by name, lists in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from ...findings.compare import Comparison
from ..tables import shown

NUMBERS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def named(comparison: Comparison, name: str) -> str:
    """A contract in a sentence: 'the national contract', 'Hewitt review'."""
    title = comparison.titles[name].split(" with edits")[0]
    return title[:1].lower() + title[1:] if title.startswith("The ") else title


def counted(n: int) -> str:
    """A small count as a word, a large one as a figure."""
    return NUMBERS[n] if 0 <= n < len(NUMBERS) else f"{n:,}"


def aloud(pounds: float) -> str:
    """A sum in a sentence: '£13.76 billion', '£92 million', '£8.4 million', '£12,300'."""
    x, sign = abs(pounds), "−" if pounds < 0 else ""
    if x >= 1e9:
        return f"{sign}£{x / 1e9:.2f} billion"
    if x >= 1e6:
        return f"{sign}£{x / 1e6:,.0f} million" if x >= 1e7 else f"{sign}£{x / 1e6:.1f} million"
    return f"{sign}£{x:,.0f}"


def more_or_less(pounds: float) -> str:
    """A change in a sentence: '£92 million more', '£8.4 million less'; the same below £100,000."""
    if abs(pounds) < 1e5:
        return "the same, to the nearest £100,000"
    return f"{aloud(abs(pounds))} {'more' if pounds > 0 else 'less'}"


def against(gap: float, digits: int = 1) -> str:
    """A fraction as more or less: '3.6% more', '12.8% less', 'the same'."""
    text = percent(gap, digits)
    return "the same" if not any(d in text for d in "123456789") else f"{text} {'more' if gap > 0 else 'less'}"


def people(n: float) -> str:
    """A count of people in a sentence: '1.2 million', '53,000'."""
    return f"{n / 1e6:.1f} million" if n >= 999_500 else f"{round(n, -3):,.0f}" if n >= 1_000 else f"{n:,.0f}"


def percent(x: float, digits: int = 1) -> str:
    """A fraction without its sign, in a sentence: '3.6%'."""
    return f"{100 * abs(x):.{digits}f}%"


def joined(parts: Sequence[str]) -> str:
    """Words in a list: 'a, b and c'."""
    return ", ".join(parts[:-1]) + (" and " if len(parts) > 1 else "") + parts[-1] if parts else ""


def first_up(text: str) -> str:
    """A sentence with its first letter large."""
    return text[:1].upper() + text[1:]


def signed(x: float, kind: str = "change") -> str:
    """A change as tables show it: '+3.6%'."""
    return shown(x, kind)
