"""Outcome share: a part of the budget on outcomes, in place of the quality framework."""
