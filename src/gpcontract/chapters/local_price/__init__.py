"""Local price: boards vary the price within a band."""
