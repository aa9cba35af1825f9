"""Tasks moved from practices to boards: vaccinations with their money, other tasks with their work."""
