"""The rescue fund: surgeries bought, leases taken over."""
