"""Forward claims: statements of the debate about years ahead, each answered from runs of the years ahead over draws.

    from gpcontract import England
    from gpcontract.findings.claims import World
    from gpcontract.futures import claims

    ahead = claims.Ahead(World(England.synthetic(seed=1)))
    claims.answer("exits-become-a-stampede", ahead).reading

A claim names the variants of contracts that it compares; they are run once, on the same luck, and shared. Its answer is an Answer like those
of the other claims: the middle of the draws, the range in which eight in ten lie, and the share of draws in which the sentence holds.
"""

from __future__ import annotations

from . import estate, people, practices  # each registers what it holds
from .ahead import DRAWS, Ahead
from .answering import answer, answer_all, answers
from .forward import THEME, Forward, Outlook, forward_of, names

__all__ = [
    "DRAWS",
    "THEME",
    "Ahead",
    "Forward",
    "Outlook",
    "answer",
    "answer_all",
    "answers",
    "estate",
    "forward_of",
    "names",
    "people",
    "practices",
]
