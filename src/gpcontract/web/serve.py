"""The server: England read and contracts priced once, then as many processes as are asked for, each with its threads."""

from __future__ import annotations

import contextlib
import gc
import os
import socket
from collections.abc import Callable
from typing import Any

from .caches import settle
from .setup import ready

THREADS = 8
GRACE = 20  # seconds that open answers have to finish when the server stops


def prepare(where: str, host: str = "", hosts: tuple[str, ...] = ()) -> None:
    """What must be there before a page is: names that may be asked for, the store, England and the first contracts."""
    few_arenas()
    os.environ["GPCONTRACT_ENGLAND"] = where
    names = {"localhost", "127.0.0.1", "[::1]", socket.gethostname(), *hosts} | ({host} if host else set())
    os.environ.setdefault("GPCONTRACT_HOSTS", ",".join(sorted(n for n in names if n not in ("0.0.0.0", "::"))))
    ready()
    store()
    from .desk import desk

    desk().warm()


def few_arenas() -> None:
    """Let threads share their heaps where the C library can: each of its own would hold on to what it once needed."""
    import ctypes

    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").mallopt(-8, 2)  # M_ARENA_MAX


def store() -> None:
    """Make or bring up to date the tables in which reforms are saved."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connections

    name = settings.DATABASES["default"]["NAME"]
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3") and name != ":memory:":
        from pathlib import Path

        Path(name).parent.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0, interactive=False)
    connections.close_all()  # no process takes another's connection over


def first_page(application: Callable[..., Any]) -> None:
    """Ask for the home page before anybody does: addresses, templates and the page itself are then there for all processes."""
    from wsgiref.util import setup_testing_defaults

    asked: dict[str, Any] = {"HTTP_HOST": "localhost", "HTTP_ACCEPT_ENCODING": "gzip"}
    setup_testing_defaults(asked)
    for part in application(asked, lambda *_: None):
        del part


def serve(
    where: str, host: str, port: int, processes: int, hosts: tuple[str, ...], told: Callable[[str], None]
) -> None:
    """Serve until stopped. A signal to stop lets open answers finish."""
    from gunicorn.app.base import BaseApplication

    class Server(BaseApplication):
        """gunicorn with our application and no configuration file."""

        def load_config(self) -> None:
            for name, value in settings(host, port, processes, told).items():
                if name in self.cfg.settings:  # versions differ in what they know
                    self.cfg.set(name, value)

        def load(self) -> Any:
            gc.disable()  # until it is settled: nearly all that is made here stays, and looking through it again and again takes long
            prepare(where, host, hosts)
            from .wsgi import application

            first_page(application)
            settle()
            return application

    Server().run()


def settings(host: str, port: int, processes: int, told: Callable[[str], None]) -> dict[str, Any]:
    """How gunicorn is run: the application is loaded before it forks, so that processes share what is read."""

    def open_(server: Any) -> None:
        told(f"http://{'localhost' if host in ('0.0.0.0', '127.0.0.1', '::') else host}:{port}/")

    def begun(_: Any) -> None:
        from .desk import desk

        desk().warm_later()

    return {
        "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        "workers": processes,
        "threads": THREADS,
        "worker_class": "gthread",
        "preload_app": True,
        "when_ready": open_,
        "post_worker_init": begun,
        "graceful_timeout": GRACE,
        "timeout": 60,
        "keepalive": 5,
        "limit_request_line": 4094,
        "limit_request_fields": 60,
        "errorlog": "-",
        "loglevel": "warning",
        "accesslog": None,
        "control_socket_disable": True,
    }
