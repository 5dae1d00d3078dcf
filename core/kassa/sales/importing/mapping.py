"""What the columns of a file of invoice lines mean: the frozen values of a mapping.

It is written in TOML and read by `mapping_file`:

    format = 1
    source = "online_retail"       # first part of every natural key: one name for one source, for ever
    legal_entity = "…"  store = "…"  currency = "GBP"  tax_code = "…"
    [file]        encoding, delimiter, quote, decimal_mark
    [columns]     document_number, product_code, quantity, unit_price, occurred_at; optional description, customer, country
    [documents]   cancellation_prefix, adjustment_prefix, lines_max
    [amounts]     rounding = "half_up" | "reject": what becomes of a line amount with a fraction of the minor unit
    [price_zero]  with_customer, beside_other_lines, alone: what a positive quantity with price 0 is
    [countries]   unlisted = "reject" | "keep", codes = { name = code }
    [[services]]  kind, name, codes, pattern, tax_code: products that are no goods
    [products]    price_list, item_model_group: for products that the import creates; cost_share = "0.5": their cost as a share
                  of their commonest price
    [payments]    tender = "card": what every sale was paid with; left out, sales stay open on the customer's account

`tax_code` is the tax group of the products that the import creates; "none" leaves them untaxed.
"""

import re
from collections.abc import Mapping

import attrs

from kassa.kernel.values import Micro
from kassa.sales.importing.documents import GOODS

FREE, CORRECTION, REJECT, HALF_UP, KEEP = "free_of_charge", "stock_correction", "reject", "half_up", "keep"
AS_IS, UPPER, LOWER = "as_is", "upper", "lower"


def in_case(code: str, case: str) -> str:
    """A product code in the letter case of a mapping: `as_is`, `upper` or `lower`."""
    return code if case == AS_IS else code.upper() if case == UPPER else code.lower()


@attrs.frozen(kw_only=True)
class FileFormat:
    """How the file is written."""

    encoding: str
    delimiter: str
    quote: str
    decimal_mark: str


@attrs.frozen(kw_only=True)
class Columns:
    """The names of the columns, as in the header, and how their cells are read; optional columns may be `None`."""

    document_number: str
    product_code: str
    product_case: str
    description: str | None
    quantity: str
    occurred_at: str
    occurred_at_format: str
    zone: str
    unit_price: str
    customer: str | None
    customer_remove_suffix: str
    country: str | None

    def named(self) -> tuple[str, ...]:
        """All columns that must stand in the header."""
        required = (self.document_number, self.product_code, self.quantity, self.occurred_at, self.unit_price)
        return required + tuple(name for name in (self.description, self.customer, self.country) if name is not None)


@attrs.frozen(kw_only=True)
class DocumentRules:
    """How documents are told apart; an empty prefix means that there are no such documents. `lines_max` is the longest document."""

    cancellation_prefix: str
    adjustment_prefix: str
    lines_max: int


@attrs.frozen(kw_only=True)
class PriceZeroRules:
    """What a positive quantity with price 0 is: with a customer, else beside other lines of its document, else alone."""

    with_customer: str
    beside_other_lines: str
    alone: str


@attrs.frozen(kw_only=True)
class Countries:
    """Names of the source to codes of ISO 3166-1; what is not listed is rejected or kept as it is."""

    unlisted: str
    codes: Mapping[str, str]


@attrs.frozen(kw_only=True)
class Service:
    """Products that are no goods and have no stock: listed codes and those that match the whole pattern."""

    kind: str
    name: str
    codes: tuple[str, ...]
    pattern: re.Pattern[str] | None
    tax_code: str | None


@attrs.frozen(kw_only=True)
class SalesMapping:
    """A checked mapping; `fingerprint` tells whether a resumed import still uses the one that it began with."""

    source: str
    legal_entity: str
    store: str
    currency: str
    exponent: int
    tax_code: str
    file: FileFormat
    columns: Columns
    documents: DocumentRules
    rounding: str
    price_zero: PriceZeroRules
    countries: Countries
    services: tuple[Service, ...]
    cost_share: Micro
    price_list: str | None
    item_model_group: str | None
    tender: str | None
    fingerprint: str

    def product_code(self, cell: str) -> str:
        """The product code of a cell: trimmed, in the letter case of the mapping."""
        return in_case(cell.strip(), self.columns.product_case)

    def service_of(self, product_code: str) -> Service | None:
        """The service that claims a product code, `None` for goods; a listed code wins over a pattern, an earlier pattern over a later."""
        for service in self.services:
            if product_code in service.codes:
                return service
        for service in self.services:
            if service.pattern is not None and service.pattern.fullmatch(product_code):
                return service
        return None

    def kind_of(self, product_code: str) -> str:
        """The kind of a product code: of the service that claims it, else `goods`."""
        service = self.service_of(product_code)
        return GOODS if service is None else service.kind
