"""The network service: what networks and their practices are paid under the Network Contract."""
