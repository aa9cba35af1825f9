"""Estate: rent, ownership and value of surgeries."""
