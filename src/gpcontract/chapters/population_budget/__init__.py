"""Population budget: a network's share of what is spent on its patients beyond general practice, and the forms it can take."""
