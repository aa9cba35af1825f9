"""Readers of official publications: from files exactly as published to canonical frames.

    reading = read_folder("data")            # every file, recognised by its headers
    reading.of("payments")[-1].frame         # the newest payments, one row for each practice
    read_file("nhspaymentsgp-24-25-prac-csv.csv")

A file that is not known, or is damaged, is named in `reading.unread` with the reason; nothing is dropped silently.
"""

from __future__ import annotations

from .publication import Publication, Reading
from .reading import KINDS, read_file, read_folder
from .registry import LAYOUTS, Layout

__all__ = ["KINDS", "LAYOUTS", "Layout", "Publication", "Reading", "read_file", "read_folder"]
