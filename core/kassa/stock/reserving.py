"""Reserving: goods are kept for lots, of what is there or of what is on its way, until they are released or their time is over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from kassa.kernel.clock import date_of
from kassa.kernel.context import Context
from kassa.kernel.contributions import JobKind, Schedule
from kassa.kernel.errors import Issue
from kassa.kernel.frozen import evolve
from kassa.kernel.jobs import Chunk, ChunkDone, JobView, each, start
from kassa.kernel.keys import NO_ID, find_document, numbers_of
from kassa.kernel.operations import Result, page
from kassa.kernel.plan import Row
from kassa.kernel.stages import Facts
from kassa.kernel.values import Thousandths, format_quantity, new_id
from kassa.ledger.queries import an_id, narrowed, place_after
from kassa.org import facts as org
from kassa.stock import facts
from kassa.stock.documents import Lot
from kassa.stock.documents.promises import Reservation, ReservationLine
from kassa.stock.messages import promises as messages
from kassa.stock.models import StockReservationRow
from kassa.stock.movements import advance_lot, move
from kassa.stock.places import header, stocked_products, where_of
from kassa.stock.store.promises import load_reservations, lot_of

KIND, NAME = "stock_reservation", "stock.tend_reservations"
STATUS = {"on_hand": "reserved", "ordered": "reserved_ordered"}
"""The status in which a lot stands for which goods are kept, by what they are kept of."""
LOOSE = ("reserved_ordered", "on_order", "reserved")
"""Statuses in which a lot waits that nobody has picked, those first from which goods are let go first."""
KEPT_BY = (
    "SELECT DISTINCT l.document_id FROM stock_reservation_line l JOIN kernel_document d ON d.id = l.document_id "
    "WHERE d.state = 'active' AND l.lot_id IN {keys}"
)
EXPIRED = (
    "SELECT document_id FROM stock_reservation WHERE legal_entity_id = ? AND expires_at IS NOT NULL AND expires_at <= ? "
    "ORDER BY expires_at, document_id LIMIT ?"
)
WAITING = "SELECT document_id FROM stock_reservation WHERE legal_entity_id = ? AND waits AND document_id > ? ORDER BY document_id LIMIT ?"
LISTED = (
    "SELECT d.id, k.value, d.state, r.expires_at FROM kernel_document d JOIN stock_reservation r ON r.document_id = d.id "
    "LEFT JOIN kernel_document_key k ON k.document_id = d.id AND k.name = 'number' WHERE d.legal_entity_id = ? AND d.kind = 'stock_reservation'"
)
OF_LOT = "d.id IN (SELECT l.document_id FROM stock_reservation_line l WHERE l.lot_id = ?)"


def reserve(command: messages.Reserve, context: Context) -> Result:
    """Plan that goods are kept for lots."""
    where = where_of(context, None, command.store)
    if command.expires_at is not None and command.expires_at <= context.now:
        message = "The reservation would be over before it begins. Give a later time, or none."
        context.refuse([Issue(code="STOCK_RESERVATION_OVER", message=message, pointer="/expires_at")])
    products = stocked_products(context, [line.product for line in command.lines])
    entity = org.legal_entity(context)
    known = facts.lots(context, [line.lot for line in command.lines if line.lot is not None])
    lines = []
    for number, asked in enumerate(command.lines, 1):
        product = products[asked.product]
        place = org.warehouse(context, asked.warehouse) if asked.warehouse is not None else where.warehouse
        lot = lot_of(known, asked.lot or new_id(), entity.id, product.id)
        lines.append(
            ReservationLine(
                number=number, lot=lot, product_number=product.number, warehouse_id=place.id, quantity=asked.quantity, basis=asked.basis
            )
        )
        context.refuse(_misfit(lines, product.id))
    draft = Reservation(
        **header(context, where, "reservation", None, command.reference),
        expires_at=command.expires_at,
        note=command.note,
        lines=tuple(lines),
    )
    (made,) = context.step(KIND, "create", [draft])
    shown = view_of(made, context, None)
    return Result(view=lambda numbers: evolve(shown, number=numbers.get(made.id)), document_id=made.id, version=1)


def _misfit(lines: Sequence[ReservationLine], product_id: str) -> Iterable[Issue]:
    """Tell why the last line does not fit: its lot is of another product, or stands in the reservation already."""
    line = lines[-1]
    if line.lot.product_id != product_id or line.lot.in_statuses("received", "purchased", "ordered", "in_transit", "registered", "blocked"):
        message = f"Line {line.number}: the lot is not one of {line.product_number} that leaves."
        yield Issue(code="STOCK_LOT_UNFIT", message=message, pointer=f"/lines/{line.number - 1}/lot", got=line.lot.id)
    if any(line.lot.id == other.lot.id for other in lines[:-1]):
        message = f"Line {line.number}: the lot is named twice. Add the quantities up."
        yield Issue(code="STOCK_LOT_UNFIT", message=message, pointer=f"/lines/{line.number - 1}/lot", got=line.lot.id)


def keep(document: Reservation, facts_: Facts, context: Any) -> list[Any]:
    """Move lots to where they are reserved, from where they wait; never more than is available, whatever the store's policy."""
    effects: list[Any] = []
    for line in document.lines:
        effects += advance_lot(
            line.lot, STATUS[line.basis], -line.quantity, document.date, warehouse_id=line.warehouse_id, sources=("on_order",), floor=0,
            shortage=partial(_shortage, line),
        )  # fmt: skip
    return effects


def _shortage(line: ReservationLine, left: Thousandths) -> Issue:
    there = format_quantity(left + line.quantity)
    kind = "available" if line.basis == "on_hand" else "on order"
    return Issue(
        code="STOCK_SHORTAGE",
        message=f"Line {line.number}: {format_quantity(line.quantity)} of {line.product_number} asked, {there} {kind}.",
        pointer=f"/lines/{line.number - 1}/quantity",
        rule="stock.available",
        expected={kind: there},
        got=format_quantity(line.quantity),
        action="Reserve less, or in a warehouse that has it.",
    )


def let_go(document: Reservation, facts_: Facts, context: Any) -> list[Any]:
    """Let go what is still reserved of each lot, no more than this document kept; what was picked or delivered stays so."""
    effects: list[Any] = []
    known = facts.lots(context, [line.lot.id for line in document.lines])
    for line in document.lines:
        lot = known.get(line.lot.id, line.lot)
        for status, part in _kept(line, lot):
            lot, steps = _step(lot, line.warehouse_id, status, "none", part, document.date)
            effects += steps
    ended = Row(StockReservationRow, {"expires_at": None, "waits": False}, key={"document_id": document.id})
    return [*effects, ended]


def _kept(line: ReservationLine, lot: Lot) -> list[tuple[str, Thousandths]]:
    """Tell where and how much of a line is still kept: goods on their way may have come and be reserved by now."""
    left, found = line.quantity, []
    for status in ("reserved_ordered", "reserved") if line.basis == "ordered" else ("reserved",):
        part = min(left, abs(lot.held.get((line.warehouse_id, status), 0)))
        if part:
            found.append((status, part))
            left -= part
    return found


def _step(lot: Lot, warehouse_id: str, before: str, after: str, quantity: Thousandths, date: str, **more: Any) -> tuple[Lot, list[Any]]:
    effects = move(
        lot_id=lot.id, sequence=lot.sequence + 1, legal_entity_id=lot.legal_entity_id, product_id=lot.product_id, warehouse_id=warehouse_id,
        from_status=before, to_status=after, quantity=-quantity, date=date, **more,
    )  # fmt: skip
    return facts.moved(lot, effects[0]), effects


def keep_arrived(document: Reservation, facts_: Facts, context: Any) -> list[Any]:
    """Keep what came for the lots to which goods on their way were promised, as far as it reaches."""
    effects: list[Any] = []
    waits = False
    there = facts.available(context, [(line.lot.product_id, line.warehouse_id) for line in document.lines])
    left = {place: max(0, of_stock) for place, (of_stock, _) in there.items()}
    for line in document.lines:
        place = (line.lot.product_id, line.warehouse_id)
        awaited = abs(line.lot.held.get((line.warehouse_id, "reserved_ordered"), 0)) if line.basis == "ordered" else 0
        part = min(awaited, left[place])
        waits = waits or part < awaited
        left[place] -= part
        if part:
            effects += _step(line.lot, line.warehouse_id, "reserved_ordered", "reserved", part, document.date, floor=0)[1]
    if not waits:
        effects.append(Row(StockReservationRow, {"waits": False}, key={"document_id": document.id}))
    return effects


def let_go_beyond(context: Context, left: Mapping[str, Thousandths], document_id: str) -> None:
    """Plan that no more is kept for lots than is left of them (by lot, without sign), because a document takes the rest away.

    A reservation that is for such lots alone, of which nothing is left, ends with it. Refused where goods are picked already.
    """
    known = facts.lots(context, list(left))
    over = {lot.id for lot in known.values() if not left[lot.id] and not lot.in_statuses("picked")}
    ids = [row[0] for row in context.read.rows_for(KEPT_BY, list(over))] if over else []
    for reservation in load_reservations(context.read, ids).values():
        if all(line.lot.id in over for line in reservation.lines):
            context.step(KIND, "lapse", [evolve(reservation, date=_today(context), occurred_at=context.now)])
    for lot in facts.lots(context, list(known)).values():
        for (warehouse_id, status), part in _beyond(lot, left[lot.id], context):
            lot, steps = _step(lot, warehouse_id, status, "none", part, _today(context))
            context.plan.add(steps, "stock.let_go_beyond", document_id)


def _beyond(lot: Lot, left: Thousandths, context: Context) -> list[tuple[tuple[str, str], Thousandths]]:
    """Tell where a lot is kept beyond what is left of it, and how much; promises of goods on their way go first."""
    picked = abs(lot.in_statuses("picked"))
    if picked > left:
        message = f"{format_quantity(picked)} of the goods are picked, {format_quantity(left)} would be left. Put them back first."
        context.refuse([Issue(code="STOCK_PICKED", message=message, expected={"at_least": format_quantity(picked)}, got=format_quantity(left))])
    kept = sorted((place, abs(there)) for place, there in lot.held.items() if place[1] in LOOSE and there)
    too_much, found = picked + sum(part for _, part in kept) - left, []
    for place, there in sorted(kept, key=lambda item: LOOSE.index(item[0][1])):
        part = min(there, max(0, too_much))
        if part:
            found.append((place, part))
            too_much -= part
    return found


def release(command: messages.ReadReservation, context: Context) -> Result:
    """Plan that goods are not kept any more."""
    found = _read(command, context)
    (released,) = context.step(KIND, "let_go", [evolve(found, date=_today(context), occurred_at=context.now)])
    shown = view_of(released, context, numbers_of(context.read, [found.id]).get(found.id))
    return Result(view=lambda numbers: shown, document_id=found.id, version=found.version + 1)


def _read(command: messages.ReadReservation, context: Context) -> Reservation:
    found = find_document(context.read, KIND, org.legal_entity(context).id, command.reservation)
    return load_reservations(context.read, [found])[found]


def _today(context: Context) -> str:
    return date_of(context.now, org.legal_entity(context).time_zone)


def read_reservation(request: messages.ReadReservation, context: Context) -> messages.ReservationView:
    """Show one reservation with what is still kept."""
    found = _read(request, context)
    return view_of(found, context, numbers_of(context.read, [found.id]).get(found.id))


def list_reservations(request: messages.ListReservations, context: Context) -> Any:
    """Show a page of reservations, newest first."""
    after = place_after(request.after, an_id)
    where, values = narrowed(((OF_LOT, request.lot), ("d.id < ?", after[0] if after is not None else None)))
    rows = context.read.rows(f"{LISTED}{where} ORDER BY d.id DESC LIMIT ?", [org.legal_entity(context).id, *values, request.limit + 1])
    items = [messages.ReservationSummaryView(id=row[0], number=row[1], state=row[2], expires_at=row[3]) for row in rows]
    return page(request, messages.ReservationSummaryView, items, lambda view: (view.id,))


def view_of(document: Reservation, context: Context, number: str | None) -> messages.ReservationView:
    """Show a reservation, its lots as this plan leaves them."""
    known = facts.lots(context, [line.lot.id for line in document.lines])
    lines = []
    for line in document.lines:
        kept = dict(_kept(line, known.get(line.lot.id, line.lot))) if document.state == "active" else {}
        lines.append(
            messages.ReservationLineView(
                line=line.number, lot=line.lot.id, product=line.product_number, warehouse=org.warehouse(context, line.warehouse_id).code,
                quantity=line.quantity, basis=line.basis, reserved=kept.get("reserved", 0), awaited=kept.get("reserved_ordered", 0),
            )
        )  # fmt: skip
    expires_at = document.expires_at if document.state == "active" else None
    return messages.ReservationView(
        id=document.id, number=number, state=document.state, expires_at=expires_at, note=document.note, lines=tuple(lines)
    )


def start_tending(command: messages.TendReservations, context: Context) -> Result:
    """Make the job that releases what has expired and keeps what came; it is worked on afterwards."""
    view: JobView = start(context, NAME, command)
    return Result(view=lambda numbers: view)


def tend(chunk: Chunk, context: Any) -> Any:
    """Release the next reservations that have expired; when none is left, keep what came for those that wait, the oldest first.

    The cursor is the last one that waited. Expired ones need none: they are gone from the list, but for those left out.
    """
    entity = org.legal_entity(context)
    expiring = chunk.cursor is None or chunk.cursor[0] == "expired"
    passed = set(chunk.cursor[1:]) if chunk.cursor is not None and expiring else set()
    if expiring:
        rows = context.read.rows(EXPIRED, (entity.id, context.now, chunk.size + len(passed)))
    else:
        rows = context.read.rows(WAITING, (entity.id, chunk.cursor[1], chunk.size))
    ids = [row[0] for row in rows if row[0] not in passed]
    found = load_reservations(context.read, ids)
    transition, today = ("expire", _today(context)) if expiring else ("arrive", _today(context))

    def act(document_id: str) -> str:
        document = evolve(found[document_id], date=today, occurred_at=context.now)
        if expiring or keep_arrived(document, Facts(), context):
            context.step(KIND, transition, [document])
        return document_id

    results = each(context, ids, str, act)

    def done(dropped: Mapping[str, Sequence[Issue]]) -> ChunkDone:
        released = chunk.summary.get("released", 0) + (len(ids) - len(dropped) if expiring else 0)
        if expiring:
            cursor: Any = ["expired", *passed, *dropped] if len(ids) == chunk.size else ["waiting", NO_ID]
        else:
            cursor = ["waiting", ids[-1]] if len(ids) == chunk.size else None
        return ChunkDone(cursor=cursor, done=len(ids), results=results, summary={"released": released})

    return done


JOB = JobKind(
    name=NAME, summary="Release reservations that have expired, and keep goods that came for whom they were promised",
    request=messages.TendReservations, run=tend, permission="stock.reserve", size=100,
)  # fmt: skip
SCHEDULE = Schedule(
    name=NAME, summary="Release reservations that have expired, and keep goods that came for whom they were promised", operation=NAME, cron="*/15 * * * *"
)
