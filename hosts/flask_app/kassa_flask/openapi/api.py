"""The flask-smorest API of one application: OpenAPI 3.1, schemas under unique names, errors as problem documents."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Flask, Response
from flask_smorest import Api
from marshmallow import Schema
from werkzeug.exceptions import HTTPException

from kassa.kernel.contributions import Extension
from kassa.kernel.errors import ErrorCodes
from kassa.kernel.schema import schema_for
from kassa.version import __version__
from kassa_flask.openapi import components
from kassa_flask.openapi.names import SchemaNames
from kassa_flask.problems import of_http

DESCRIPTION = (
    "Amounts and quantities are decimal strings, instants RFC 3339 in UTC, dates YYYY-MM-DD. Errors are problem documents "
    "(RFC 9457) with every finding at once. Whatever posts needs an Idempotency-Key; `?preview=true` shows what would happen."
)


class KassaApi(Api):  # type: ignore[misc]
    """Registers views with their documentation, and holds the finished document."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def __init__(self, app: Flask, codes: ErrorCodes, title: str, extensions: Sequence[Extension] = ()) -> None:
        """Take over an application's errors of HTTP and start an empty document."""
        self.codes = codes
        self._extensions = extensions
        self._plugin = MarshmallowPlugin(schema_name_resolver=SchemaNames())
        self._document: bytes | None = None
        app.config.update(API_TITLE=title, API_VERSION=__version__, OPENAPI_VERSION="3.1.0", OPENAPI_URL_PREFIX=None)
        super().__init__(
            app,
            spec_kwargs={
                "marshmallow_plugin": self._plugin,
                "info": {"description": DESCRIPTION, "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}},
                "security": [{"bearer": []}],
            },
        )
        components.declare(self.spec.components)

    def _register_responses(self) -> None:
        """Register no answers of flask-smorest's own form; those of this host are in `components`."""

    def _register_pagination_header(self) -> None:
        """Register none: pages are linked by the header Link."""

    def _register_etag_headers(self) -> None:
        """Register none of flask-smorest's own; those of this host are in `components`."""

    def handle_http_exception(self, error: HTTPException) -> Response:
        """Answer an error that Flask or Werkzeug raised."""
        return of_http(error, self.codes)

    def reference(self, message: type, *, without: tuple[str, ...] = ()) -> dict[str, Any]:
        """The reference to the schema of a request or response class, without some of its fields."""
        converter: Any = self._plugin.converter
        schema: Schema = schema_for(message)(exclude=without)
        found: dict[str, Any] = converter.resolve_nested_schema(schema)
        return found

    def properties(self, message: type) -> Mapping[str, dict[str, Any]]:
        """The schema of each field of a class, for parameters of path and query."""
        converter: Any = self._plugin.converter
        return {name: converter.field2property(field) for name, field in schema_for(message)().fields.items()}

    def document(self) -> bytes:
        """The whole OpenAPI document as JSON; made at the first call, when every view is registered, and kept."""
        if self._document is None:
            added: components.Added = {}
            for extension in self._extensions:
                added.setdefault(extension.of.__name__, {})[extension.name] = self.reference(extension.value)
            made = self.spec.to_dict()
            components.name_extensions(made, added)
            components.close_requests(made)
            self._document = json.dumps(made, ensure_ascii=False).encode()
        return self._document
