"""The facts: what is known of every practice in England, from official files or made up from published facts."""
