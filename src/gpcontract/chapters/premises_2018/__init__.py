"""Leases of surgeries stood behind."""
