"""Requests and views of reason codes, their groups, and disposition codes."""

from __future__ import annotations

from typing import Annotated

import attrs

from kassa import PageRequest, left_out, schema
from kassa_returns.documents import Action, CodeCharge

Charges = Annotated[tuple[CodeCharge, ...], schema.Items(0, 20)]
External = Annotated[tuple[schema.Code, ...], schema.Items(0, 50)]


@attrs.frozen(kw_only=True)
class CreateReasonGroup:
    """Creates a group of reasons, by which reports add up."""

    code: schema.Code = attrs.field(metadata={"description": "Its code.", "examples": ["QUALITY"]})
    name: schema.Text = attrs.field(metadata={"description": "What it is called.", "examples": ["Quality"]})


@attrs.frozen(kw_only=True)
class ReasonGroupView:
    """A group of reasons."""

    id: schema.Identifier
    code: str
    name: str
    version: int


@attrs.frozen(kw_only=True)
class ListReasonGroups(PageRequest):
    """Asks for groups of reasons."""


@attrs.frozen(kw_only=True)
class CreateReason:
    """Creates a reason why customers return goods, with its group and the charges that it brings to the header of a return."""

    code: schema.Code = attrs.field(metadata={"description": "Its code.", "examples": ["DAMAGED"]})
    name: schema.Text = attrs.field(metadata={"description": "What it means.", "examples": ["Damaged"]})
    group: schema.Code | None = attrs.field(default=None, metadata={"description": "Code of its group."})
    charges: Charges = ()


@attrs.frozen(kw_only=True)
class ChangeReason:
    """Changes a reason; what is left out stays. Returns that have it keep the charges that it brought."""

    reason: schema.Code = attrs.field(metadata={"description": "Its code.", "examples": ["DAMAGED"]})
    group: schema.Code | None = attrs.field(factory=left_out, metadata={"description": "Code of its group."})
    charges: Charges = attrs.field(factory=left_out)


@attrs.frozen(kw_only=True)
class ReasonView:
    """A reason why customers return goods."""

    id: schema.Identifier
    code: str
    name: str
    group: str | None
    charges: tuple[CodeCharge, ...]
    active: bool
    version: int


@attrs.frozen(kw_only=True)
class ReadReason:
    """Names a reason."""

    reason: schema.Code = attrs.field(metadata={"description": "Its code.", "examples": ["DAMAGED"]})


@attrs.frozen(kw_only=True)
class ListReasons(PageRequest):
    """Asks for reasons of returns."""

    active: bool | None = None


@attrs.frozen(kw_only=True)
class CreateDisposition:
    """Creates a disposition code: one of the six actions under a name of one's own, with charges for the line."""

    code: schema.Code = attrs.field(metadata={"description": "Its code.", "examples": ["RW"]})
    name: schema.Text = attrs.field(metadata={"description": "What it says of the goods.", "examples": ["Rework and put back"]})
    action: Action = attrs.field(metadata={"description": "What is done with goods and money."})
    charges: Charges = ()
    external_codes: External = attrs.field(default=(), metadata={"description": "What trading partners call it."})


@attrs.frozen(kw_only=True)
class ChangeDisposition:
    """Changes a disposition code; what is left out stays. Lines that have it keep action and charges."""

    disposition: schema.Code = attrs.field(metadata={"description": "Its code.", "examples": ["RW"]})
    name: schema.Text = attrs.field(factory=left_out)
    action: Action = attrs.field(factory=left_out)
    charges: Charges = attrs.field(factory=left_out)
    external_codes: External = attrs.field(factory=left_out)
    active: bool = attrs.field(factory=left_out)


@attrs.frozen(kw_only=True)
class DispositionView:
    """A disposition code."""

    id: schema.Identifier
    code: str
    name: str
    action: Action
    charges: tuple[CodeCharge, ...]
    external_codes: tuple[str, ...]
    active: bool
    version: int


@attrs.frozen(kw_only=True)
class ReadDisposition:
    """Names a disposition code."""

    disposition: schema.Code = attrs.field(metadata={"description": "Its code, or what a trading partner calls it.", "examples": ["RW"]})


@attrs.frozen(kw_only=True)
class ListDispositions(PageRequest):
    """Asks for disposition codes."""

    active: bool | None = None
