"""Personal and Alternative Provider Medical Services."""
