"""The Flask host of Kassa: mounts what the enabled plugins contribute under `/v1`, and holds no rule and no query.

`create_app` is the WSGI application of one engine, `serve` runs it on granian. How an endpoint behaves is stated in the
README beside this file.
"""

from kassa_flask.app import create_app
from kassa_flask.config import HostConfig
from kassa_flask.server import ServerConfig, serve

__all__ = ["HostConfig", "ServerConfig", "create_app", "serve"]
