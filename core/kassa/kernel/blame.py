"""Blame: what code of a plugin raises, and is no refusal, is laid at its owner's door."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from kassa.kernel.contributions import Operation
from kassa.kernel.database import PLAN_AGAIN, ReadOnlyViolation
from kassa.kernel.errors import KassaError, PluginError

if TYPE_CHECKING:
    from kassa.kernel.registry import Registry

T = TypeVar("T")


def blaming(registry: Registry, operation: Operation, run: Callable[[], T]) -> T:
    """Run code of an operation; PluginError names its owner for whatever it raises that is no error of Kassa."""
    try:
        return run()
    except PLAN_AGAIN:
        raise
    except Exception as error:
        found = registry.find(Operation, operation.name)
        if found is None or (isinstance(error, KassaError) and not isinstance(error, ReadOnlyViolation)):
            raise
        raise PluginError(registry.owner(Operation, operation.name).name, operation.name, error) from error
