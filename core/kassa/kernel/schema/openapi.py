"""What the OpenAPI of messages needs beyond apispec's own conversion."""

from typing import Any

from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.openapi import OpenAPIConverter
from marshmallow import EXCLUDE, INCLUDE
from marshmallow import Schema as MarshmallowSchema


class MessageConverter(OpenAPIConverter):
    """Documents that unknown fields are refused also where a schema has a description, which apispec 6.10 leaves out."""

    def schema2jsonschema(self, schema: MarshmallowSchema | type[MarshmallowSchema]) -> dict[str, Any]:
        """The JSON schema of a message."""
        document: dict[str, Any] = super().schema2jsonschema(schema)  # type: ignore[no-untyped-call]
        unknown = schema.unknown if isinstance(schema, MarshmallowSchema) else schema.Meta.unknown
        if unknown != EXCLUDE:
            document.setdefault("additionalProperties", unknown == INCLUDE)
        return document


class MessagePlugin(MarshmallowPlugin):
    """The apispec plugin to build the document of messages with."""

    Converter = MessageConverter
