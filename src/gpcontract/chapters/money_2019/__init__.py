"""The money of the 2019 deal."""
