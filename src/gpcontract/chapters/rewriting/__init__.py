"""Rewriting: the cost of new contracts for all."""
