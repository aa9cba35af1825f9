"""Payments that no open rule or data can compute, carried as published."""
