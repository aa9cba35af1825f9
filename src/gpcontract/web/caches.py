"""Things made once and kept while there is room, by any number of threads."""

from __future__ import annotations

import gc
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any


def settle() -> None:
    """Let the collector of rubbish pass over what is here to stay: looking through it holds a page up for a tenth of a second."""
    gc.collect()
    gc.freeze()
    gc.enable()


class Kept:
    """What was made, by key; the one that was read longest ago goes first. Two threads that want one thing make it once."""

    def __init__(self, room: int) -> None:
        self.room = room
        self._held: OrderedDict[Hashable, Any] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._held)

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """What is kept under a key, or else what `make` gives; an error is not kept."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key]
            making = self._making.setdefault(key, threading.Lock())
        with making:
            with self._lock:
                if key in self._held:
                    return self._held[key]
            try:
                made = make()
            finally:
                with self._lock:
                    self._making.pop(key, None)
            with self._lock:
                self._held[key] = made
                while len(self._held) > self.room:
                    self._held.popitem(last=False)
            return made


class Later:
    """Things that take many seconds: made one at a time beside the pages, which say that they are on their way until then."""

    def __init__(self) -> None:
        self._made: dict[Hashable, Future[Any]] = {}
        self._waiting: SimpleQueue[tuple[Future[Any], Callable[[], Any]]] = SimpleQueue()
        self._lock = threading.Lock()
        self._works = False

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """What was made, or None while it is being made. What failed is raised once, and then made anew."""
        with self._lock:
            if key not in self._made:
                self._made[key] = Future()
                self._waiting.put((self._made[key], make))
                if not self._works:  # begun here, and not before: threads do not outlive a fork
                    self._works = True
                    threading.Thread(target=self._work, name="explorer-later", daemon=True).start()
            found = self._made[key]
        if not found.done():
            return None
        if found.exception() is not None:
            with self._lock:
                self._made.pop(key, None)
        return found.result()

    def _work(self) -> None:
        while True:
            found, make = self._waiting.get()
            try:
                found.set_result(make())
            except BaseException as error:  # told to whoever asks
                found.set_exception(error)
