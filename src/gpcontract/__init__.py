"""gpcontract: the English GP contract as code."""
