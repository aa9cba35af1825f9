"""Quality payments after the 2018 review."""
