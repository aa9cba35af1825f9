"""Choice: money follows patients who change practice."""
