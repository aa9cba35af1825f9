"""Who holds the money: partnerships, trusts, networks and companies, by the share of each list that each holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from .money import Money

HOLDERS = {
    "partnership": "Partnerships and single-handed GPs",
    "trust": "NHS trusts and other NHS bodies",
    "network": "Networks and collaboratives of practices",
    "company": "Companies",
}


@dataclass(frozen=True)
class Holder:
    """One kind of holder under one contract: the patients on its lists, and the running money that comes with them."""

    contract: str
    holder: str
    title: str
    patients: float
    share: float
    pounds: float

    def to_dict(self) -> dict[str, Any]:
        """The row as plain data."""
        return {
            "contract": self.contract,
            "holder": self.holder,
            "title": self.title,
            "patients": self.patients,
            "share": self.share,
            "pounds": self.pounds,
        }


def holders(moneys: Sequence[Money]) -> tuple[Holder, ...]:
    """Patients and running money by kind of holder, for contracts whose chapters say who holds the lists.

    Networks' own money follows the lists of their practices, except what is paid to networks: that is counted with networks.
    """
    return tuple(h for m in moneys for h in m.once("holders", partial(_holders, m)))


def _holders(m: Money) -> tuple[Holder, ...]:
    if not all(f"held_by_{h}" in m.result.arrays for h in HOLDERS):
        return ()
    made = []
    people = m.frame.patients["registered"]
    to_network = m.of("running", "network") / 100
    for holder, title in HOLDERS.items():
        share = np.nan_to_num(m.measure(f"held_by_{holder}"))
        pounds = float(share @ (m.pounds - to_network)) + (float(to_network.sum()) if holder == "network" else 0.0)
        mine = float(share @ people)
        made.append(Holder(m.name, holder, title, mine, mine / float(people.sum()), pounds))
    return tuple(made)
