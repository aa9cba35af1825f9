"""Support and replacement: the ladder for practices below a stated standard."""
