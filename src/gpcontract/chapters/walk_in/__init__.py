"""Walk-in centres: duplicate capacity closes."""
