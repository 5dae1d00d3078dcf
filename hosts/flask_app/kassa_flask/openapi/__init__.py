"""The OpenAPI document: made from the operations, their request and response classes, and the errors that are possible."""

from kassa_flask.openapi.api import KassaApi

__all__ = ["KassaApi"]
