"""The minimum practice income guarantee and its end."""
