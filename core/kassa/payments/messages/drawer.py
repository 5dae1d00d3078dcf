"""Requests and views of drawers: cash that comes in or leaves other than by a payment."""

from __future__ import annotations

from typing import Literal

import attrs

from kassa.kernel.schema import Amount, Code, CurrencyCode, Date, DecimalText, Identifier, Text
from kassa.org.editing import about
from kassa.org.messages.scalars import Reference

Movement = Literal["float_entry", "safe_drop", "petty_cash"]


@attrs.frozen(kw_only=True)
class MoveCash:
    """Puts change into a drawer (float_entry), brings cash to the safe (safe_drop), or spends some of it (petty_cash)."""

    type: Movement = attrs.field(metadata=about("Which way the cash goes.", "safe_drop"))
    amount: Amount = attrs.field(metadata=about("How much, above 0.", "200.00"))
    tender: Code = attrs.field(default="cash", metadata=about("The tender that lies in the drawer.", "cash"))
    note: Text | None = attrs.field(default=None, metadata=about("What for.", "Stamps"))
    store: Reference | None = attrs.field(default=None, metadata=about("Number or id of the store.", "S001"))
    date: Date | None = attrs.field(default=None, metadata=about("Business date; today where it is left out."))


@attrs.frozen(kw_only=True)
class DrawerView:
    """A movement of cash; positive came into the drawer."""

    id: Identifier
    number: str | None
    type: Movement
    tender: str
    currency: CurrencyCode
    amount: DecimalText
    store: str | None
    register: str
    date: Date
    note: str | None
