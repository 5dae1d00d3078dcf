"""The log: one line for each request, and one with its stack for each failure, as JSON or for people to read."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog

from kassa_flask.config import LogForm


def make_logger(form: LogForm) -> Any:
    """The logger that writes one line an event to standard error; it says nothing for `off`.

    Events carry names, numbers and ids. Bodies, tokens and query strings are never handed to it.
    """
    renderer: Any = structlog.dev.ConsoleRenderer(colors=False) if form == "console" else structlog.processors.JSONRenderer()
    processors: list[Any] = [structlog.processors.add_log_level]
    if form == "json":
        processors.append(structlog.processors.format_exc_info)
    level = logging.CRITICAL if form == "off" else logging.INFO
    logger = structlog.wrap_logger(
        structlog.PrintLogger(sys.stderr), processors=[*processors, renderer], wrapper_class=structlog.make_filtering_bound_logger(level)
    )
    return logger.bind()
