"""Accreditation: the gate for rewarding disease management."""
