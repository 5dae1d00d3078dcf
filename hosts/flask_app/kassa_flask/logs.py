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


class Forward(logging.Handler):
    """Hands what the core logs by itself, such as a job that failed, to the host's logger, so that all lines have one form."""

    def __init__(self, logger: Any) -> None:
        super().__init__(logging.WARNING)
        self._logger = logger

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record."""
        write = self._logger.error if record.levelno >= logging.ERROR else self._logger.warning
        write(record.getMessage(), logger=record.name, **({"exc_info": record.exc_info} if record.exc_info else {}))


def forward_logging(logger: Any) -> None:
    """Let the log of the core go through a logger; once a process, as its server does, not its application."""
    core = logging.getLogger("kassa")
    core.handlers = [handler for handler in core.handlers if not isinstance(handler, Forward)]
    core.addHandler(Forward(logger))
