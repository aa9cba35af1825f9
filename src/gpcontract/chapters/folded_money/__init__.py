"""Money folded into the global sum: quality, the income guarantee and the out-of-hours deduction, and what quality loses."""
