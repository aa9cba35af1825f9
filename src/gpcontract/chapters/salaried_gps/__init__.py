"""Salaried GPs in partners’ place."""
