"""Requests and views of tax codes and tax groups."""

from __future__ import annotations

from typing import Annotated

import attrs

from kassa.kernel.operations import PageRequest
from kassa.kernel.schema import Date, Identifier, Instant, Items, Scaled
from kassa.org.editing import about
from kassa.org.messages.scalars import PlainCode

TaxRateText = Annotated[int, Scaled(6, 0, 10**7)]


@attrs.frozen(kw_only=True)
class EnterTaxRate:
    """A rate of a tax code from a date on. An entry for a first day that has one takes its place; both are kept."""

    code: PlainCode = attrs.field(metadata=about("The tax code; a new one comes into being.", "VAT-HIGH"))
    rate: TaxRateText = attrs.field(metadata=about("0.21 is 21 %.", "0.21"))
    from_date: Date = attrs.field(metadata=about("The first day on which it counts.", "2026-01-01"))
    to_date: Date | None = attrs.field(default=None, metadata=about("The last day."))


@attrs.frozen(kw_only=True)
class TaxCodeView:
    """A rate as it was entered."""

    id: Identifier
    legal_entity_id: Identifier
    code: str
    rate: TaxRateText
    from_date: Date
    to_date: Date | None
    entered_at: Instant


@attrs.frozen(kw_only=True)
class ListTaxCodes(PageRequest):
    """Asks for all rates ever entered in the legal entity."""

    code: PlainCode | None = attrs.field(default=None, metadata=about("Only those of one code."))


@attrs.frozen(kw_only=True)
class SetTaxGroup:
    """The tax codes that products of a group bear."""

    tax_group: PlainCode = attrs.field(metadata=about("The group; a new one comes into being.", "STANDARD"))
    codes: Annotated[tuple[PlainCode, ...], Items(1, 20)] = attrs.field(metadata=about("All codes of the group.", ["VAT-HIGH"]))


@attrs.frozen(kw_only=True)
class TaxGroupView:
    """A tax group with its codes."""

    tax_group: str
    legal_entity_id: Identifier
    codes: tuple[str, ...]


@attrs.frozen(kw_only=True)
class ListTaxGroups(PageRequest):
    """Asks for the tax groups of the legal entity."""
