"""What the engine is asked and what it answers, as values."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import attrs

from kassa.kernel.context import Origin
from kassa.kernel.contributions import Operation
from kassa.kernel.flush import Once
from kassa.kernel.permissions import Actor


@attrs.frozen(kw_only=True)
class Outcome:
    """What `Engine.perform` returns: the response as value and as JSON text, and how it came about.

    `text` always holds the answer; `make` makes the value of it. One that is `replayed` was done before; where its answer of then is not
    kept any more, it is `current`: the document as it stands now.
    """

    text: str
    status: int = 200
    document_id: str | None = None
    version: int | None = None
    replayed: bool = False
    current: bool = False
    preview: bool = False
    make: Callable[[], Any] | None = attrs.field(default=None, repr=False, eq=False)

    @property
    def response(self) -> Any:
        """The response as the value that the handler makes; None where the answer is replayed or previewed."""
        return self.make() if self.make is not None else None

    @property
    def body(self) -> Any:
        """The response as JSON values."""
        return json.loads(self.text)


@attrs.frozen(kw_only=True)
class Request:
    """One request as the engine works on it; the same for each attempt."""

    operation: Operation
    command: Any
    actor: Actor
    legal_entity_id: str | None
    once: Once | None
    now: int
    origin: Origin
    request_id: str | None
    if_match: int | None
    preview: bool
    approval: str | None = None
    prepared: Any = None
    verified: Any = None
