"""The engine: names into an ordered plan, dated values into arrays, edits into reforms. It knows nothing of general practice."""
