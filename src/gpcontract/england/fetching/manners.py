"""How we behave towards a server: who we say we are, how often we ask, how long we wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import PackageNotFoundError, version

CONNECTIONS = 2


@dataclass(frozen=True)
class Manners:
    """How we behave towards a server. Times in seconds; slowest in bytes a second, averaged over `patience`."""

    pause: float = 0.5
    backoff: float = 1.0
    longest_wait: float = 120.0
    connect: float = 15.0
    read: float = 60.0
    slowest: float = 500.0
    patience: float = 60.0
    redirects: int = 5


def user_agent() -> str:
    """How we name ourselves to a server."""
    try:
        number = version("gpcontract")
    except PackageNotFoundError:
        number = "unreleased"
    return f"gpcontract/{number} (open research on the GP contract)"


def retry_after(header: str | None) -> float | None:
    """Seconds that the server asks us to wait, given as a number or as a date."""
    text = (header or "").strip()
    if text.isdigit():
        return float(text)
    try:
        when = parsedate_to_datetime(text)
    except ValueError:
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0.0, (when - datetime.now(UTC)).total_seconds())
