"""The global sum: each practice's share by the Carr-Hill formula, its price and its deductions."""
