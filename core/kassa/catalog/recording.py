"""Effects that record products: their rows, and what keeps the text index beside them; the same for one product and for many."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import attrs

from kassa.catalog.barcodes import BarcodeKind, check_digit, is_gtin, looks_like_gtin, spelling
from kassa.catalog.documents import ProductKind
from kassa.catalog.models import BarcodeRow, ProductRow
from kassa.catalog.text_index import kept, words_of
from kassa.kernel.context import Context
from kassa.kernel.database import Reader
from kassa.kernel.errors import Issue
from kassa.kernel.plan import Row
from kassa.org.editing import refusal

BARCODES = "SELECT code, product_id, active FROM catalog_barcode WHERE code IN {keys}"


@attrs.frozen(kw_only=True)
class Recorded:
    """A product as it stands in its table."""

    id: str
    number: str
    name: str
    category_id: str | None
    kind: ProductKind
    unit: str
    item_model_group: str | None
    keywords: str
    master_id: str | None
    dimensions: str | None
    size: str | None
    colour: str | None
    style: str | None
    configuration: str | None
    search_name: str
    search_more: str
    version: int


COLUMNS = ", ".join(field.name for field in attrs.fields(Recorded))
BY_NUMBER = f"SELECT {COLUMNS} FROM catalog_product WHERE number IN {{keys}}"
BY_ID = f"SELECT {COLUMNS} FROM catalog_product WHERE id IN {{keys}}"
_NAMES = tuple(field.name for field in attrs.fields(Recorded))


def recorded(read: Reader, query: str, keys: Sequence[str]) -> list[Recorded]:
    """The products that BY_NUMBER or BY_ID finds."""
    return [Recorded(**dict(zip(_NAMES, row, strict=True))) for row in read.rows_for(query, keys)]


def record(context: Context, added: Sequence[Mapping[str, Any]], changed: Sequence[tuple[Recorded, Mapping[str, Any]]], rule: str) -> None:
    """Plan new products (all columns but those of the index) and changes of products (what shall differ)."""
    effects: list[Any] = []
    for values in added:
        # A master is not sold, so no words find it; its variants have its words.
        is_master = values.get("dimensions") is not None
        found_by = {"search_name": "", "search_more": ""} if is_master else words_of(values["name"], values["number"], values["keywords"])
        effects.append(Row(ProductRow, {**values, **found_by, "version": 1}))
    moved: list[tuple[str, str, str]] = []
    for present, values in changed:
        found_by = words_of(values.get("name", present.name), present.number, values.get("keywords", present.keywords))
        if present.dimensions is None and (found_by["search_name"], found_by["search_more"]) != (present.search_name, present.search_more):
            moved.append((present.id, present.search_name, present.search_more))
            values = {**values, **found_by}
        effects.append(Row(ProductRow, values, key={"id": present.id}, version=present.version))
    effects += kept(context.read.dialect, ProductRow, [values["id"] for values in added], moved)
    if effects:
        context.plan.add(effects, rule=rule)


def barcode_issue(barcode: str, kind: BarcodeKind | None, pointer: str) -> Issue | None:
    """The issue of a code that should be a GTIN and has a wrong check digit."""
    if kind == "internal" or is_gtin(barcode) or (kind is None and not looks_like_gtin(barcode)):
        return None
    if not looks_like_gtin(barcode):
        return refusal("CATALOG_BARCODE_CHECK_DIGIT", f"A GTIN has 8, 12, 13 or 14 digits; {barcode} is none.", pointer, barcode)
    message = f'{barcode} is no GTIN: its check digit would be {check_digit(barcode)}. Correct it, or send it with the kind "internal".'
    return refusal("CATALOG_BARCODE_CHECK_DIGIT", message, pointer, barcode)


def barcode_row(barcode: str, product_id: str, known: tuple[str, bool] | None) -> Row | None:
    """The row that gives a code to a product; None where the product has it. `known`: whose it is in the table, and whether it is active."""
    code = spelling(barcode)
    kind: BarcodeKind = "gtin" if is_gtin(barcode) else "internal"
    if known is None:
        return Row(BarcodeRow, {"code": code, "barcode": barcode, "product_id": product_id, "kind": kind, "active": True})
    if known == (product_id, True):
        return None
    # Whose it was belongs to the key: if somebody else gave it away meanwhile, the plan is made again.
    as_read = {"code": code, "product_id": known[0], "active": known[1]}
    return Row(BarcodeRow, {"barcode": barcode, "product_id": product_id, "kind": kind, "active": True}, key=as_read)


def known_barcodes(read: Reader, barcodes: Iterable[str]) -> dict[str, tuple[str, bool]]:
    """Whose codes these are in the table and whether they are active, by their one spelling."""
    codes = list(dict.fromkeys(spelling(barcode) for barcode in barcodes))
    return {code: (product_id, bool(active)) for code, product_id, active in read.rows_for(BARCODES, codes)}


def taken_issue(barcode: str, product_id: str, known: tuple[str, bool] | None, pointer: str) -> Issue | None:
    """The issue of a code that is an active one of another product."""
    if known is None or not known[1] or known[0] == product_id:
        return None
    return refusal("CATALOG_BARCODE_TAKEN", f"The barcode {barcode} belongs to another product. Remove it there first.", pointer, barcode)
