"""The pages: each function reads an address and gives a Page."""
