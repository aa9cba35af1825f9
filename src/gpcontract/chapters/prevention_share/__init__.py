"""Prevention share: a part of the system budget moved to prevention."""
