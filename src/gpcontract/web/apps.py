"""The explorer as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class Explorer(AppConfig):
    """The explorer: what it stores is the reforms that people save."""

    name = "gpcontract.web"
    label = "explorer"
    verbose_name = "gpcontract explorer"
