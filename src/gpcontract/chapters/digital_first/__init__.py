"""Digital first: video, price, navigation."""
