"""Changes to what the explorer stores."""
