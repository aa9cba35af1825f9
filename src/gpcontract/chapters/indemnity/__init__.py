"""State indemnity, before and after."""
