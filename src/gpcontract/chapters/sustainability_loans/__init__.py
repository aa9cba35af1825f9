"""Surgeries off partners: interest-free loans on those they own, and leases that boards take."""
