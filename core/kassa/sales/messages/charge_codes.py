"""Requests and views of charge codes."""

from __future__ import annotations

import attrs

from kassa.kernel.operations import PageRequest
from kassa.kernel.schema import Identifier, Text
from kassa.org.editing import left_out
from kassa.org.messages.scalars import PlainCode
from kassa.sales.messages.fields import about


@attrs.frozen(kw_only=True)
class CreateChargeCode:
    """A charge code of the legal entity; one of the name of a contributed code takes its place there."""

    code: PlainCode = attrs.field(metadata=about("Unique within the legal entity, never changed.", "gift_wrap"))
    name: Text = attrs.field(metadata=about("What it is called.", "Gift wrapping"))
    account_role: Text = attrs.field(default="charge_income", metadata=about("The role of the account to which its income is booked."))
    account: Text | None = attrs.field(
        default=None, metadata=about("Number of the account that plays this role for this code; needs ledger.set_up.", "4200")
    )
    tax_group: PlainCode | None = attrs.field(default=None, metadata=about("How it is taxed; not at all where it is left out.", "STANDARD"))
    is_shipping: bool = attrs.field(default=False, metadata=about("It is for shipping; more of it may be given back than was paid."))
    is_refundable: bool = attrs.field(default=True, metadata=about("It may be given back."))


@attrs.frozen(kw_only=True)
class ReadChargeCode:
    """Names a charge code."""

    charge_code: Text = attrs.field(metadata=about("The code, or its id.", "gift_wrap"))


@attrs.frozen(kw_only=True)
class ChangeChargeCode(ReadChargeCode):
    """What shall be different at a charge code; what is left out stays."""

    name: Text = attrs.field(factory=left_out, metadata=about("What it is called."))
    account_role: Text = attrs.field(factory=left_out, metadata=about("The role of the account to which its income is booked."))
    tax_group: PlainCode | None = attrs.field(factory=left_out, metadata=about("How it is taxed."))
    is_shipping: bool = attrs.field(factory=left_out, metadata=about("It is for shipping."))
    is_refundable: bool = attrs.field(factory=left_out, metadata=about("It may be given back."))
    active: bool = attrs.field(factory=left_out, metadata=about("Whether it can still be charged."))


@attrs.frozen(kw_only=True)
class ListChargeCodes(PageRequest):
    """Asks for the charge codes that the legal entity set up."""


@attrs.frozen(kw_only=True)
class ChargeCodeView:
    """A charge code of a legal entity."""

    id: Identifier
    legal_entity_id: Identifier
    code: str
    name: str
    account_role: str
    tax_group: str | None
    is_shipping: bool
    is_refundable: bool
    active: bool
    version: int
