"""Matched incentives with hospitals."""
