"""Recycling: the income guarantee and seniority end, and come back through the price."""
