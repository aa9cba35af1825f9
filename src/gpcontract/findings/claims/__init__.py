"""Claims: statements made in the debate that a number can settle, each answered for one England and year.

    from gpcontract import England
    from gpcontract.findings import claims

    world = claims.World(England.synthetic(seed=1))
    claims.answer("six-billion-buys-the-estate", world).reading

A claim is a plain function of evidence (values.yaml here, and values of chapters) and of figures that an England gives; it
can be called in a test with numbers. Its answer has the number with its range, the inputs, a reading and a verdict.
"""

from __future__ import annotations

from importlib import import_module

from .answering import answer, answer_all
from .claim import (
    CANNOT,
    DEPENDS,
    DOES_NOT_HOLD,
    HOLDS,
    VERDICTS,
    Answer,
    Claim,
    Finding,
    Input,
    Swing,
    claim_of,
    names,
)
from .world import World

THEMES = (
    "access",
    "equity",
    "estate",
    "history",
    "local",
    "money",
    "ownership",
    "proposals",
    "quality",
    "size",
    "workforce",
)
FIGURES = ("lists", "money", "quality", "years", "contracts")
for _module in (*(f"figures.{name}" for name in FIGURES), *THEMES):  # each registers what it holds
    import_module(f".{_module}", __name__)

__all__ = [
    "CANNOT",
    "DEPENDS",
    "DOES_NOT_HOLD",
    "HOLDS",
    "THEMES",
    "VERDICTS",
    "Answer",
    "Claim",
    "Finding",
    "Input",
    "Swing",
    "World",
    "answer",
    "answer_all",
    "claim_of",
    "names",
]
