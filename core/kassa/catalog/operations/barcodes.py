"""Barcodes of a product: add one, remove one."""

from __future__ import annotations

import attrs

from kassa.catalog import facts
from kassa.catalog.barcodes import spelling
from kassa.catalog.messages import products as messages
from kassa.catalog.models import BarcodeRow
from kassa.catalog.operations.products import read_product
from kassa.catalog.recording import barcode_issue, barcode_row, known_barcodes, taken_issue
from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation
from kassa.kernel.errors import Conflict, NotFound, Refused
from kassa.kernel.operations import Result
from kassa.kernel.plan import Row


def add_barcode(command: messages.AddBarcode, context: Context) -> Result:
    """Plan that a code finds a product; a removed code of another product may be given away."""
    product = facts.product(context, command.product)
    issue = barcode_issue(command.barcode, command.kind, "/barcode")
    if issue is not None:
        raise Refused((issue,))
    known = known_barcodes(context.read, [command.barcode]).get(spelling(command.barcode))
    owned = taken_issue(command.barcode, product.id, known, "/barcode")
    if owned is not None:
        raise Conflict(owned.message, code=owned.code, issues=(owned,))
    row = barcode_row(command.barcode, product.id, known)
    shown = read_product(messages.ReadProduct(product=product.id), context)
    if row is not None:
        context.plan.add([row], rule="catalog.add_barcode")
        added = messages.BarcodeView(barcode=row.values["barcode"], kind=row.values["kind"])
        shown = attrs.evolve(shown, barcodes=(*shown.barcodes, added))
    return Result(view=lambda numbers: shown, document_id=product.id, version=shown.version)


def remove_barcode(command: messages.RemoveBarcode, context: Context) -> Result:
    """Plan that a code does not find a product any more; it can be given to another one then."""
    product = facts.product(context, command.product)
    code = spelling(command.barcode)
    if known_barcodes(context.read, [command.barcode]).get(code) != (product.id, True):
        raise NotFound("barcode of this product", command.barcode)
    key = {"code": code, "product_id": product.id, "active": True}
    context.plan.add([Row(BarcodeRow, {"active": False}, key=key)], rule="catalog.remove_barcode")
    shown = read_product(messages.ReadProduct(product=product.id), context)
    view = attrs.evolve(shown, barcodes=tuple(kept for kept in shown.barcodes if spelling(kept.barcode) != code))
    return Result(view=lambda numbers: view, document_id=product.id, version=shown.version)


OPERATIONS = (
    Operation(
        name="catalog.add_barcode",
        announces="catalog.barcode_added",
        summary="Add a barcode to a product",
        description="A GTIN (8, 12, 13 or 14 digits) must have the right check digit; its spellings with and without leading zeros are one code.",
        effect="edit",
        http=Http(method="POST", path="/products/{product}/barcodes", status=201),
        request=messages.AddBarcode,
        response=messages.ProductView,
        permission="catalog.change_products",
        handler=add_barcode,
        example={"product": "85123A", "barcode": "4006381333931"},
    ),
    Operation(
        name="catalog.remove_barcode",
        announces="catalog.barcode_removed",
        summary="Remove a barcode from a product",
        effect="edit",
        http=Http(method="DELETE", path="/products/{product}/barcodes/{barcode}"),
        request=messages.RemoveBarcode,
        response=messages.ProductView,
        permission="catalog.change_products",
        handler=remove_barcode,
    ),
)
