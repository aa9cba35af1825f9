"""Layers of scale."""
