"""Federation: paid as it becomes ready, not as it signs."""
