"""The England that is made from published facts and a seed, and says so everywhere."""

from .nation import make

__all__ = ["make"]
