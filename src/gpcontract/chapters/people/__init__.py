"""People: partners and salaried GPs, what they earn and cost."""
