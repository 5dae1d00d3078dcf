"""Requests and views of variants of products."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import attrs

from kassa.catalog.messages.products import Barcode, VariantValues
from kassa.kernel.operations import PageRequest
from kassa.kernel.schema import Identifier, Items, Length, Text
from kassa.org.editing import about
from kassa.org.messages.scalars import Number, Reference

VARIANTS_AT_MOST = 500
Value: TypeAlias = Annotated[str, Length(1, 40)]
Values: TypeAlias = Annotated[tuple[Value, ...], Items(0, 100)]


@attrs.frozen(kw_only=True)
class VariantEntry:
    """A variant by its values."""

    size: Value | None = attrs.field(default=None, metadata=about("Its size, where the master has sizes.", "M"))
    colour: Value | None = None
    style: Value | None = None
    configuration: Value | None = None
    number: Number | None = attrs.field(
        default=None, metadata=about("Made of the master's number and the values where left out.", "SHIRT-M")
    )
    name: Text | None = attrs.field(default=None, metadata=about("Made of the master's name and the values where left out."))
    barcode: Barcode | None = attrs.field(default=None, metadata=about("A barcode of it.", "4006381333931"))


@attrs.frozen(kw_only=True)
class VariantLists:
    """Values of each dimension; every combination becomes a variant."""

    size: Values = attrs.field(default=(), metadata=about("All sizes.", ["S", "M"]))
    colour: Values = ()
    style: Values = ()
    configuration: Values = ()


@attrs.frozen(kw_only=True)
class AddVariants:
    """Variants of a master: entered one by one, generated from lists of values, or both."""

    product: Reference = attrs.field(metadata=about("Number, barcode or id of the master.", "SHIRT"))
    variants: Annotated[tuple[VariantEntry, ...], Items(0, VARIANTS_AT_MOST)] = ()
    generate: VariantLists | None = attrs.field(default=None, metadata=about("Variants that are there already are left as they are."))


@attrs.frozen(kw_only=True)
class VariantView:
    """A variant of a master; `released` tells whether the legal entity of the request sells it."""

    id: Identifier
    number: str
    name: str
    variant: VariantValues
    released: bool
    version: int


@attrs.frozen(kw_only=True)
class AddedVariantsView:
    """The variants that were added, and how many were there already."""

    master_id: Identifier
    added: tuple[VariantView, ...]
    present: int


@attrs.frozen(kw_only=True)
class ListVariants(PageRequest):
    """Asks for the variants of a master."""

    product: Reference = attrs.field(metadata=about("Number, barcode or id of the master.", "SHIRT"))
    size: Value | None = attrs.field(default=None, metadata=about("Only those of this size.", "M"))
    colour: Value | None = attrs.field(default=None, metadata=about("Only those of this colour."))
    style: Value | None = attrs.field(default=None, metadata=about("Only those of this style."))
    configuration: Value | None = attrs.field(default=None, metadata=about("Only those of this configuration."))
