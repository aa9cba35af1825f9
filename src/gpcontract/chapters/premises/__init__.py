"""Premises: rent, rates, and improvement grants."""
