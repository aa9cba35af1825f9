"""Scale reward: more for each patient of a larger population, without cliffs."""
