"""Serves the probe for the tests of the real server: `python shelf_server.py URL PORT WORKERS`."""

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


def slow(command, context):
    """Hold a request for a while."""
    threading.Event().wait(SECONDS_OF_A_SLOW_ACT)
    return sys.modules["probe_shelf"].Pong(said="late")


def open_engine(config):
    """The probe alone."""
    plugins.ROOMS = ("kernel",)
    shelf = load_probe("shelf")
    shelf.OPERATIONS = tuple(attrs.evolve(one, handler=slow) if one.name == "shelf.ping" else one for one in shelf.OPERATIONS)
    return Engine.open(config.database, modules={"shelf": shelf})


if __name__ == "__main__":
    url, port, workers = sys.argv[1:]
    host = HostConfig(authenticate=authenticate, narrow=narrow, ready=lambda engine: [])
    serve(ServerConfig(database=url, port=int(port), workers=int(workers), threads=4, application=host, open_engine=open_engine))
