"""Opting in: a contract in parallel with the national one, which networks may join and leave."""
