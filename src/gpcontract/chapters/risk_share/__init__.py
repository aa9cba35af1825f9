"""Risk share: how far chance moves a network's spending, and who carries it."""
