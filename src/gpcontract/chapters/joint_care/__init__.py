"""Joint care: federations and other services together."""
