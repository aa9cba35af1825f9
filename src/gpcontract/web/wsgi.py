"""The application that a WSGI server runs: `gunicorn gpcontract.web.wsgi`."""

from __future__ import annotations

from .setup import ready

ready()

from django.core.wsgi import get_wsgi_application  # noqa: E402

application = get_wsgi_application()
