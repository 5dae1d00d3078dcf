"""A small TCP proxy that passes bytes on until its rule says that the wire is cut."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from typing import Protocol

CHUNK = 65_536
AT_ONCE = struct.pack("ii", 1, 0)


class Rule(Protocol):
    """Says of bytes that came whether they are passed on, and whether the wire is cut then; one object a connection."""

    def client(self, data: bytes) -> tuple[bytes, bool]: ...
    def server(self, data: bytes) -> tuple[bytes, bool]: ...


class Proxy:
    """Listens on a free port of this machine and connects each caller to a place; `rule` is called for each connection."""

    def __init__(self, host: str, port: int, rule) -> None:
        self.place, self.rule = (host, port), rule
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._open: set[socket.socket] = set()
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Cut everything and listen no more."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for one in list(self._open):
            self._cut(one)

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(self.place)
            except OSError:
                self._cut(near)
                continue
            self._open |= {near, far}
            for one in (near, far):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            rule: Rule = self.rule()
            for source, target, judge in ((near, far, rule.client), (far, near, rule.server)):
                threading.Thread(target=self._pass_on, args=(source, target, judge), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket, judge) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(CHUNK):
                passed, over = judge(data)
                if passed:
                    target.sendall(passed)
                if over:
                    for one in (target, source):
                        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
                    break
        for one in (source, target):
            self._cut(one)

    def _cut(self, one: socket.socket) -> None:
        self._open.discard(one)
        with contextlib.suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
        one.close()
