"""Local layer: what each board may vary above a national floor."""
