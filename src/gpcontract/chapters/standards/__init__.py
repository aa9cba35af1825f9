"""Standards: withholding and breach points, with luck allowed for."""
