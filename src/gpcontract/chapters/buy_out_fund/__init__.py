"""Buy-out fund: premises, leases and run-off, where nothing else would keep a service."""
