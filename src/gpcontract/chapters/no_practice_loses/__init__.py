"""No practice loses: protection up to what a practice was paid before its money was shared anew."""
