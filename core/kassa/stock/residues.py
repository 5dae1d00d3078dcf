"""Residues: where a document leaves nothing on hand it leaves no value either; what is left over is a rounding difference.

A moving average is rounded at every issue, and stock that was negative comes back at another cost than it left with. So a
warehouse may hold a few cents of a product of which it has none. They go to the rounding account in the voucher of the document
that emptied the place.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from kassa.kernel.plan import Document, Stamped
from kassa.kernel.stages import Facts
from kassa.kernel.values import Minor, derived_id
from kassa.ledger.dimensions import dimensions_of
from kassa.ledger.facts import books
from kassa.ledger.postings import Booking
from kassa.stock.documents import StockStep
from kassa.stock.movements import BALANCE, move
from kassa.stock.workflow import NONE

Place = tuple[str, str]


def clear_residues(document: Document, facts: Facts, context: Any) -> Iterable[Any]:
    """Take what value is left at each place that a document emptied, and book it to the rounding account."""
    places = _places_moved(document.id, context.plan.effects)
    if not places:
        return ()
    rows = context.balance(BALANCE, places)
    residues = {place: rows[place]["value"] for place in places if not rows[place]["on_hand"] and rows[place]["value"]}
    if not residues:
        return ()
    effects: list[Any] = []
    known = books(context, document.legal_entity_id)
    booking = Booking(document, known, currency=known.currency)
    for place, residue in residues.items():
        effects += _take(document, place, residue, context)
        dimensions = dimensions_of(document, context, warehouse_id=place[1])
        booking.debit("stock_rounding", residue, dimensions)
        booking.credit("inventory", residue, dimensions)
    return [*effects, *booking.effects()]


def _places_moved(document_id: str, effects: Sequence[Stamped]) -> list[Place]:
    """List the places of the document's own steps; a document's effects stand together at the end of the plan while it is planned."""
    places: dict[Place, None] = {}
    for stamped in reversed(effects):
        if stamped.document_id != document_id:
            break
        if type(stamped.effect) is StockStep:
            places[stamped.effect.product_id, stamped.effect.warehouse_id] = None
    return list(places)


def _lot_of(document: Document, place: Place) -> str:
    """Give the correction at a place the same id whenever the document is planned: a rule gives equal answers to equal questions.

    Its time is the document's, so that it sorts among the lots of then.
    """
    return derived_id(document.id, *place)


def _take(document: Document, place: Place, residue: Minor, context: Any) -> list[Any]:
    """Correct the value by a step of a lot of its own.

    The residue is right for the counters that were read alone, so the flush demands them. Of a row that is not there yet
    nothing can be demanded; should somebody open it meanwhile, the flush finds value and quantity apart.
    """
    stored = context.stored_balance(BALANCE, place)
    expected = {"on_hand": stored["on_hand"], "value": stored["value"]} if stored["on_hand"] or stored["value"] else None
    return move(
        lot_id=_lot_of(document, place), sequence=1, legal_entity_id=document.legal_entity_id, product_id=place[0], warehouse_id=place[1],
        from_status=NONE, to_status=NONE, quantity=0, date=document.date, cost=-residue, expected=expected,
    )  # fmt: skip
