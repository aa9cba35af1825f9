"""Who holds the contracts for lists."""
