"""Requests and views of intents: what processors are to do, and what they answered."""

from __future__ import annotations

from typing import Literal

import attrs

from kassa.kernel.operations import PageRequest
from kassa.kernel.schema import Amount, Code, CurrencyCode, Date, DecimalText, Identifier, Text
from kassa.org.editing import about
from kassa.org.messages.scalars import Reference

Outcome = Literal["approved", "declined", "unknown"]


@attrs.frozen(kw_only=True)
class Authorise:
    """Plans that a processor holds an amount on a card."""

    tender: Code = attrs.field(metadata=about("A tender that has a processor.", "card_online"))
    amount: Amount = attrs.field(metadata=about("How much, above 0.", "20.00"))
    token: Text = attrs.field(metadata=about("What stands for the card at the processor.", "sandbox"))
    store: Reference | None = attrs.field(default=None, metadata=about("Number or id of the store.", "S001"))


@attrs.frozen(kw_only=True)
class ByIntent:
    """Names an intent."""

    intent: Identifier = attrs.field(metadata=about("Id of the intent."))


@attrs.frozen(kw_only=True)
class ListIntents(PageRequest):
    """Asks for intents, newest first."""

    state: Text | None = attrs.field(default=None, metadata=about("Only those in one state, such as unknown."))
    action: Literal["authorise", "capture", "void", "refund"] | None = None
    payment: Text | None = attrs.field(default=None, metadata=about("Only those of one payment, by number or id."))


@attrs.frozen(kw_only=True)
class RecordResult:
    """Tells what a processor says of an intent."""

    intent: Identifier = attrs.field(metadata=about("Id of the intent: the reference that the processor was given."))
    outcome: Outcome = attrs.field(metadata=about("What became of it.", "approved"))
    reference: Text | None = attrs.field(default=None, metadata=about("How the processor calls what it did."))
    reason: Text | None = attrs.field(default=None, metadata=about("Why it was declined, or why nothing is known."))
    amount: Amount | None = attrs.field(default=None, metadata=about("What the processor moved; refused where it is not what was asked."))
    currency: CurrencyCode | None = None


@attrs.frozen(kw_only=True)
class IntentView:
    """What a processor is to do: planned (not answered), unknown, done or declined; an authorisation is then used or released."""

    id: Identifier
    action: str
    state: str
    tender: str
    currency: CurrencyCode
    amount: DecimalText
    payment_id: Identifier | None
    parent_id: Identifier | None
    reference: str | None
    date: Date
