"""The parts of the report, each made from the findings of one comparison: words, tables, and charts of those tables."""
