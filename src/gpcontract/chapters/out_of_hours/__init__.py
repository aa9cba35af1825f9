"""Out of hours: responsibility taken back where it pays."""
