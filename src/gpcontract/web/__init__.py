"""The explorer: the contracts of England in a browser. `gpcontract serve` opens it; `gpcontract.web.wsgi` is for other servers.

A page, its JSON and its CSV are one view, and everything that a page shows is in its address. There is no log-in, no
cookie and no personal data.
"""
