"""Headroom: a fund that buys GPs time away from patients to plan."""
