"""What is worked out about each practice from what was published, and the figures that this needs."""
