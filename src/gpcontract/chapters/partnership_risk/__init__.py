"""What partners answer for, and what is taken off them."""
