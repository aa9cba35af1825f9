"""Outcomes: one outcome payment for the quality framework and the network fund."""
