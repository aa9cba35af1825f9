"""A minimum income for each full-time partner, topped up where what a practice earns is less."""
