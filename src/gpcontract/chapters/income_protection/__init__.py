"""Income protection: measured income no less than a guarantee."""
