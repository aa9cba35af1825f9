"""Prices of other years."""
