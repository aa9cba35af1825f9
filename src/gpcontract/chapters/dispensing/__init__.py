"""Dispensing: fees by volume, drugs less discount, personally administered items."""
