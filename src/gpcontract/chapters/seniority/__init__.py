"""Seniority payments and their phase-out."""
