"""Reference data in memory: frozen values per room, guarded by the room's revision.

The first statement of every operation reads the revisions. Values that were loaded at the same revision are shared by all
threads; an operation that sees an older or newer revision than the shared one works with values of its own revision.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from kassa.kernel.database import Reader

ENTRIES_AT_MOST = 400_000


class RoomCaches:
    """The caches as one operation sees them: one dictionary a room, all of one revision."""

    __slots__ = ("_rooms", "_shared")

    def __init__(self, shared: SharedCaches, revisions: Mapping[str, int]) -> None:
        self._shared = shared
        self._rooms = {room: shared.room(room, value) for room, value in revisions.items()}

    def get(self, read: Reader, room: str, name: str, key: Any, load: Callable[[Reader, Any], Any]) -> Any:
        """Give the value of a key, loading it from this operation's snapshot where it is not known yet."""
        values = self._rooms.get(room)
        if values is None:
            values = self._rooms[room] = self._shared.room(room, 0)
        try:
            return values[name, key]
        except KeyError:
            value = load(read, key)
            if len(values) >= ENTRIES_AT_MOST:
                values.clear()
            values[name, key] = value
            return value

    def get_many(
        self, read: Reader, room: str, name: str, keys: list[Any], load: Callable[[Reader, list[Any]], Mapping[Any, Any]]
    ) -> dict[Any, Any]:
        """Give the values of several keys, loading the unknown ones together; keys that load to nothing are left out."""
        values = self._rooms.get(room)
        if values is None:
            values = self._rooms[room] = self._shared.room(room, 0)
        missing = [key for key in dict.fromkeys(keys) if (name, key) not in values]
        if missing:
            if len(values) + len(missing) > ENTRIES_AT_MOST:
                values.clear()
                missing = list(dict.fromkeys(keys))
            for key, value in load(read, missing).items():
                values[name, key] = value
        return {key: values[name, key] for key in keys if (name, key) in values}


class SharedCaches:
    """The process's caches: for each room the newest revision seen and its values."""

    def __init__(self) -> None:
        self._rooms: dict[str, tuple[int, dict[Any, Any]]] = {}

    def room(self, name: str, revision: int) -> dict[Any, Any]:
        """Give the dictionary of a room at a revision: the shared one, or a private one for an older snapshot."""
        known = self._rooms.get(name)
        if known is not None and known[0] == revision:
            return known[1]
        values: dict[Any, Any] = {}
        if known is None or known[0] < revision:
            self._rooms[name] = (revision, values)
        return values

    def clear(self) -> None:
        """Forget everything."""
        self._rooms.clear()
