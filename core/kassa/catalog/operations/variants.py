"""Variants of masters: enter or generate them, list them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import product as combinations
from typing import Any

from kassa.catalog import facts
from kassa.catalog.barcodes import spelling
from kassa.catalog.documents import DIMENSIONS, Dimension
from kassa.catalog.messages import variants as messages
from kassa.catalog.messages.products import VariantValues
from kassa.catalog.operations.products import find_recorded
from kassa.catalog.recording import BY_NUMBER, Recorded, barcode_issue, barcode_row, known_barcodes, record, recorded, taken_issue
from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation
from kassa.kernel.database import Row as DatabaseRow
from kassa.kernel.errors import Issue, Refused
from kassa.kernel.frozen import evolve
from kassa.kernel.operations import Result, page_of
from kassa.kernel.values import new_id
from kassa.org import facts as org
from kassa.org.editing import listed, refusal

SELECT = "SELECT id, number, name, size, colour, style, configuration, version FROM catalog_product"
STANDING = "SELECT size, colour, style, configuration FROM catalog_product WHERE master_id = ?"
NUMBER_AT_MOST, NAME_AT_MOST = 60, 200
Combination = tuple[str | None, ...]
"""The values of a variant in the order of DIMENSIONS."""


def add_variants(command: messages.AddVariants, context: Context) -> Result:
    """Plan variants of a master: products of their own that have from it what they do not say themselves."""
    master = find_recorded(context, command.product)
    dimensions = _dimensions(master)
    present = set(context.read.rows(STANDING, (master.id,)))
    generated = [entry for entry in _generated(command.generate, dimensions) if _combination(entry) not in present]
    skipped = _count(command.generate, dimensions) - len(generated)
    entries = [
        *command.variants,
        *(entry for entry in generated if all(_combination(entry) != _combination(own) for own in command.variants)),
    ]
    if len(entries) > messages.VARIANTS_AT_MOST:
        message = f"These would be {len(entries)} variants; one request creates at most {messages.VARIANTS_AT_MOST}. Send fewer values."
        raise Refused((refusal("CATALOG_TOO_MANY_VARIANTS", message, "/generate"),))
    numbers = [entry.number or _number(master, entry) for entry in entries]
    context.refuse(_issues(entries, numbers, dimensions, present, context))
    added = [_values(master, entry, number) for entry, number in zip(entries, numbers, strict=True)]
    record(context, added, [], "catalog.add_variants")
    coded = [(entry.barcode, values["id"]) for entry, values in zip(entries, added, strict=True) if entry.barcode is not None]
    known = known_barcodes(context.read, [barcode for barcode, _ in coded])
    rows = [row for barcode, owner in coded if (row := barcode_row(barcode, owner, known.get(spelling(barcode)))) is not None]
    context.plan.add(rows, rule="catalog.add_variants")
    released = _master_released(context, master)
    views = tuple(_view_of(values, released) for values in added)
    view = messages.AddedVariantsView(master_id=master.id, added=views, present=skipped)
    return Result(view=lambda numbers: view, document_id=master.id)


def _dimensions(master: Recorded) -> tuple[Dimension, ...]:
    if master.dimensions is None:
        message = f"{master.number} is no master: it was created without dimensions. Create a master, or name one."
        raise Refused((refusal("CATALOG_NO_MASTER", message, "/product", master.number),))
    return tuple(json.loads(master.dimensions))


def _combination(entry: messages.VariantEntry) -> Combination:
    return tuple(getattr(entry, dimension) for dimension in DIMENSIONS)


def _lists(lists: messages.VariantLists, dimensions: Sequence[Dimension]) -> list[Sequence[str]]:
    """The values of each dimension of a master, each once; Refused where the lists are not of these dimensions."""
    given = {dimension: tuple(dict.fromkeys(getattr(lists, dimension))) for dimension in DIMENSIONS}
    if {dimension for dimension in DIMENSIONS if given[dimension]} != set(dimensions):
        message = f"Every combination needs a value for {', '.join(dimensions)}, and for nothing else. Send a list for each."
        raise Refused((refusal("CATALOG_VARIANT_DIMENSIONS", message, "/generate"),))
    return [given[dimension] for dimension in dimensions]


def _count(lists: messages.VariantLists | None, dimensions: Sequence[Dimension]) -> int:
    number = 0 if lists is None else 1
    for values in _lists(lists, dimensions) if lists is not None else ():
        number *= len(values)
    return number


def _generated(lists: messages.VariantLists | None, dimensions: Sequence[Dimension]) -> Iterable[messages.VariantEntry]:
    if lists is None:
        return
    if _count(lists, dimensions) > 20 * messages.VARIANTS_AT_MOST:
        message = f"These are {_count(lists, dimensions)} combinations. Send fewer values at a time."
        raise Refused((refusal("CATALOG_TOO_MANY_VARIANTS", message, "/generate"),))
    for values in combinations(*_lists(lists, dimensions)):
        yield messages.VariantEntry(**dict(zip(dimensions, values, strict=True)))


def _number(master: Recorded, entry: messages.VariantEntry) -> str:
    return "-".join((master.number, *filter(None, _combination(entry))))


def _issues(
    entries: Sequence[messages.VariantEntry],
    numbers: Sequence[str],
    dimensions: Sequence[Dimension],
    present: set[DatabaseRow],
    context: Context,
) -> list[Issue]:
    taken = {product.number for product in recorded(context.read, BY_NUMBER, numbers)}
    known = known_barcodes(context.read, [entry.barcode for entry in entries if entry.barcode is not None])
    issues: list[Issue | None] = []
    seen: set[Any] = set()
    for place, (entry, number) in enumerate(zip(entries, numbers, strict=True)):
        at, combination = f"/variants/{place}", _combination(entry)
        if {dimension for dimension in DIMENSIONS if getattr(entry, dimension) is not None} != set(dimensions):
            message = f"A variant needs a value for {', '.join(dimensions)}, and for nothing else."
            issues.append(refusal("CATALOG_VARIANT_DIMENSIONS", message, at))
        if combination in present or combination in seen:
            message = f"There is a variant {' '.join(filter(None, combination))} already. Leave it out."
            issues.append(refusal("CATALOG_VARIANT_THERE", message, at))
        if number in taken or number in seen or len(number) > NUMBER_AT_MOST:
            message = f'The number "{number}" is taken, or longer than {NUMBER_AT_MOST}. Send another.'
            issues.append(refusal("KEY_TAKEN", message, f"{at}/number", number[:80]))
        if entry.barcode is not None:
            code = spelling(entry.barcode)
            issues += [
                barcode_issue(entry.barcode, None, f"{at}/barcode"),
                taken_issue(entry.barcode, "", known.get(code), f"{at}/barcode"),
            ]
            if ("code", code) in seen:
                message = f"The barcode {entry.barcode} stands twice here. Send it once."
                issues.append(refusal("CATALOG_LISTED_TWICE", message, f"{at}/barcode", entry.barcode))
            seen.add(("code", code))
        seen |= {combination, number}
    return [issue for issue in issues if issue is not None]


def _values(master: Recorded, entry: messages.VariantEntry, number: str) -> dict[str, Any]:
    words = ", ".join((master.name, *filter(None, _combination(entry))))
    return {
        "id": new_id(), "number": number, "name": entry.name or words[:NAME_AT_MOST], "category_id": None, "kind": master.kind,
        "unit": master.unit, "item_model_group": master.item_model_group, "keywords": master.keywords, "master_id": master.id,
        "size": entry.size, "colour": entry.colour, "style": entry.style, "configuration": entry.configuration,
    }  # fmt: skip


def _master_released(context: Context, master: Recorded) -> bool:
    sql = "SELECT 1 FROM catalog_release WHERE product_id = ? AND legal_entity_id = ?"
    return context.read.row(sql, (master.id, org.legal_entity(context).id)) is not None


def _view_of(values: Mapping[str, Any], released: bool) -> messages.VariantView:
    variant = VariantValues(**{dimension: values[dimension] for dimension in DIMENSIONS})
    return messages.VariantView(
        id=values["id"], number=values["number"], name=values["name"], variant=variant, released=released, version=1
    )


def list_variants(request: messages.ListVariants, context: Context) -> Any:
    """Show a page of the variants of a master, in the order in which they were added."""
    master = facts.product(context, request.product)
    conditions: list[tuple[str, Any]] = [("master_id = ?", master.id)]
    conditions += [(f"{dimension} = ?", getattr(request, dimension)) for dimension in DIMENSIONS]
    shown = listed(context, request, SELECT, conditions, messages.VariantView, _view)
    known = facts.products(context, [item.id for item in shown.items])
    return evolve(shown, items=tuple(evolve(item, released=known[item.id].released) for item in shown.items))


def _view(row: DatabaseRow) -> messages.VariantView:
    product_id, number, name, size, colour, style, configuration, version = row
    variant = VariantValues(size=size, colour=colour, style=style, configuration=configuration)
    return messages.VariantView(id=product_id, number=number, name=name, variant=variant, released=False, version=version)


OPERATIONS = (
    Operation(
        name="catalog.add_variants",
        announces="catalog.variants_added",
        summary="Add variants to a master",
        description=(
            "A variant is a product with a number and barcodes of its own, which is sold, stocked and counted by itself. Category, release (with tax "
            "and cost) and price are the master's until it is given its own."
        ),
        effect="edit",
        http=Http(method="POST", path="/products/{product}/variants", status=201),
        request=messages.AddVariants,
        response=messages.AddedVariantsView,
        permission="catalog.change_products",
        handler=add_variants,
        example={"product": "SHIRT", "generate": {"size": ["S", "M"], "colour": ["red", "blue"]}},
    ),
    Operation(
        name="catalog.list_variants",
        summary="List the variants of a master",
        effect="read",
        http=Http(method="GET", path="/products/{product}/variants"),
        request=messages.ListVariants,
        response=page_of(messages.VariantView),
        permission="catalog.read",
        handler=list_variants,
        collection=True,
    ),
)
