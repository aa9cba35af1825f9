"""From publications to facts: one module for each kind of fact, and the draft that they fill."""
