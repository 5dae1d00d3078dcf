"""The application factory: one WSGI application for one engine."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from kassa.kernel.contributions import Extension
from kassa.kernel.engine import Engine
from kassa_flask import observe, pages, problems
from kassa_flask.config import HostConfig
from kassa_flask.endpoint import endpoints
from kassa_flask.limits import RateLimits
from kassa_flask.logs import make_logger
from kassa_flask.metrics import Metrics
from kassa_flask.mount import Host, close_paths, mount
from kassa_flask.openapi import KassaApi


def create_app(engine: Engine, config: HostConfig | None = None) -> Flask:
    """Make the application that serves an engine; without a configuration it is read from the environment.

    The engine stays the caller's, who closes it when the application is no longer used. Raises StartupError where the
    configuration makes no sense or an operation cannot be mounted, naming the plugin.
    """
    config = config or HostConfig.from_environment()
    app = Flask("kassa_flask", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = config.body_limit
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    # One resource has one address: no other spelling of it is redirected.
    app.url_map.merge_slashes = False
    app.url_map.redirect_defaults = False
    logger = config.logger if config.logger is not None else make_logger(config.log)
    codes = problems.error_codes(engine)
    metrics = Metrics()
    observe.install(app, engine.clock, metrics, logger)
    problems.install(app, codes, logger)
    limits = RateLimits(config)
    api = KassaApi(app, codes, config.title, engine.registry.all(Extension))
    found = endpoints(engine.registry)
    pages.install_page(app, api, config.title)
    pages.install_root(api, engine, config, codes, metrics, found)
    mount(api, Host(engine=engine, config=config, limits=limits), found)
    close_paths(app)
    app.wsgi_app = observe.FixedHeaders(app.wsgi_app)  # type: ignore[method-assign]
    if config.proxies:
        count = config.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    return app
