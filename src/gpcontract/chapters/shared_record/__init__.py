"""Shared record: one record that pharmacists and social care may read, what it costs and what it saves."""
