"""Digital access: video sessions, the price of digital contacts, navigation."""
