"""Makes Django ready once, with the explorer's settings unless others are named."""

from __future__ import annotations

import os


def ready() -> None:
    """Set Django up if nobody has; safe to call again."""
    import django
    from django.apps import apps

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gpcontract.web.settings")
    if not apps.ready:
        django.setup()
