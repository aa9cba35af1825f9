"""Figures that claims read from an England and from the proposals' contracts, each registered under its name."""

from __future__ import annotations

LISTS = "NHS Payments to General Practice and Patients Registered at a GP Practice"
MONEY = "NHS Payments to General Practice"
