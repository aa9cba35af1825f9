"""Django's settings. What differs from place to place is read from the environment; docs/explorer.md lists it."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import dj_database_url

from ..england.assembly.cache import cache_root
from .assets import PREFIX

HERE = Path(__file__).parent
DEBUG = False
SECRET_KEY = os.environ.get("GPCONTRACT_SECRET") or secrets.token_urlsafe(
    48
)  # nothing is signed with it: there are no cookies
ALLOWED_HOSTS = [h for h in os.environ.get("GPCONTRACT_HOSTS", "localhost,127.0.0.1,[::1]").split(",") if h]
ROOT_URLCONF = "gpcontract.web.urls"
WSGI_APPLICATION = "gpcontract.web.wsgi.application"
INSTALLED_APPS = ["gpcontract.web.apps.Explorer"]
MIDDLEWARE = [
    "gpcontract.web.middleware.told",
    "gpcontract.web.middleware.guarded",
    "django.middleware.gzip.GZipMiddleware",
    "gpcontract.web.middleware.mistakes",
    "django.middleware.common.CommonMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [HERE / "templates"],
        "OPTIONS": {"environment": "gpcontract.web.environment.environment"},
    }
]
DATABASES = {
    "default": dj_database_url.config(
        default=f"sqlite:///{cache_root() / 'explorer.sqlite3'}", conn_max_age=60, conn_health_checks=True
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
STATIC_URL = PREFIX
APPEND_SLASH = False
USE_TZ = True
TIME_ZONE = "Europe/London"
USE_I18N = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024  # bytes: the longest reform is a few thousand
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
FILE_UPLOAD_HANDLERS = ["gpcontract.web.uploads.Refused"]
SECURE_CONTENT_TYPE_NOSNIFF = True
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {
        "gpcontract": {"handlers": ["console"], "level": os.environ.get("GPCONTRACT_LOG", "INFO"), "propagate": False},
        "django": {"handlers": ["console"], "level": "ERROR"},
        "django.security": {"handlers": [], "propagate": False},  # strangers asking by other names are no fault of ours
    },
}
