"""The last contracts: one-year terms and the partners’ package."""
