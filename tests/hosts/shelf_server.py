"""Serves the probe for the tests of the real server: `python shelf_server.py URL PORT WORKERS [SECONDS_TO_OPEN]`."""

import multiprocessing
import os
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import attrs
from conftest import authenticate, load_probe, narrow

from kassa.kernel import plugins
from kassa.kernel.engine import Engine
from kassa_flask import HostConfig, ServerConfig, serve

SECONDS_OF_A_SLOW_ACT = 1.0
SECONDS_TO_OPEN = 0.0


def slow(command, context):
    """Hold a request for a while."""
    threading.Event().wait(SECONDS_OF_A_SLOW_ACT)
    return sys.modules["probe_shelf"].Pong(said="late")


def open_engine(config):
    """The probe alone. A worker says when it begins, and may take its time."""
    if SECONDS_TO_OPEN and multiprocessing.parent_process() is not None:
        os.write(1, b"opening\n")
        threading.Event().wait(SECONDS_TO_OPEN)
    plugins.ROOMS = ("kernel",)
    shelf = load_probe("shelf")
    shelf.OPERATIONS = tuple(attrs.evolve(one, handler=slow) if one.name == "shelf.ping" else one for one in shelf.OPERATIONS)
    return Engine.open(config.database, modules={"shelf": shelf})


if __name__ == "__main__":
    url, port, workers, *more = sys.argv[1:]
    SECONDS_TO_OPEN = float(more[0]) if more else 0
    host = HostConfig(authenticate=authenticate, narrow=narrow, ready=lambda engine: [])
    serve(ServerConfig(database=url, port=int(port), workers=int(workers), threads=4, application=host, open_engine=open_engine))
