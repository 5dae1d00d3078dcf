"""Sources: a line that takes goods back names the invoice line of their sale, gets its exact share of it, and claims it.

What was taken back of an invoice line stands in one row (`sales.source`), by component. A return of q after r were taken gets
F(r + q) - F(r) of each component, with F(q) = round(total · q / Q); where a return was cancelled in between it gets what brings
all of them together to F(r + q). So any sequence of returns that comes to the whole gives the whole back, to the minor unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import attrs

from kassa.kernel.errors import Issue, NotFound
from kassa.kernel.frozen import evolve
from kassa.kernel.keys import find_document
from kassa.kernel.plan import Claim
from kassa.kernel.stages import Facts
from kassa.kernel.values import Minor, Thousandths, format_quantity, share
from kassa.sales.documents import LineTax, SalesLine, SalesOrder, Source

SOURCE, SOURCE_TAX, LINE = "sales.source", "sales.source_tax", "sales.line"
ORIGIN = "source_line"
"""The origin of a price that comes from the sale of the goods; such a line has a share of the sale's money."""
MONEY = ("discount", "net_discount", "net")
SOLD = (
    "SELECT l.document_id, l.number, k.value, l.order_line_id, l.product_id, p.number, i.party_type, i.party_id, i.currency, s.number, "
    "l.quantity, l.unit_price, l.discount, l.net_discount, l.net, l.cost, b.canonical FROM sales_invoice_line l "
    "JOIN sales_invoice i ON i.document_id = l.document_id JOIN catalog_product p ON p.id = l.product_id "
    "JOIN kernel_document d ON d.id = l.order_id JOIN org_store s ON s.id = d.store_id "
    "LEFT JOIN ledger_open_item o ON o.document_id = l.document_id LEFT JOIN ledger_dimension_set b ON b.id = o.dimension_set_id "
    "LEFT JOIN kernel_document_key k ON k.document_id = l.document_id AND k.name = 'number' WHERE l.document_id IN {keys}"
)
TAXES = (
    "SELECT document_id, line_number, code, rate, amount FROM sales_invoice_tax WHERE document_id IN {keys} AND line_number > 0 "
    "ORDER BY document_id, line_number, code"
)
Place = tuple[str, int]


def part(total: int, before: Thousandths, quantity: Thousandths, whole: Thousandths) -> int:
    """Give the part of a total that belongs to a quantity after `before` was used up: F(before + quantity) - F(before)."""
    if before == 0 and quantity == whole:
        return total
    return share(total, before + quantity, whole) - share(total, before, whole)


def next_part(total: int, taken: int, before: Thousandths, quantity: Thousandths, whole: Thousandths) -> int:
    """Give what a quantity gets of a total of which `taken` went to the `before` that came first: what is missing to F(before + quantity).

    While nothing is given back, `taken` is F(before) and this is `part`. It never has another sign than the total, and the
    quantity that completes the whole always gets all that is left.
    """
    missing = share(total, before + quantity, whole) - taken
    return max(missing, 0) if total >= 0 else min(missing, 0)


def load_sources(read: Any, document_ids: Sequence[str]) -> dict[Place, Source]:
    """Read the lines of invoices as sources of returns, by invoice and line number."""
    taxes: dict[Place, list[LineTax]] = {}
    for document_id, number, code, rate, amount in read.rows_for(TAXES, document_ids):
        taxes.setdefault((document_id, number), []).append(LineTax(code, rate, amount))
    return {
        (row[0], row[1]): Source(
            document_id=row[0], number=row[1], document_number=row[2], lot_id=row[3], product_id=row[4], product_number=row[5],
            party_type=row[6], party_id=row[7], currency=row[8], store_number=row[9], quantity=row[10], unit_price=row[11],
            discount=row[12], net_discount=row[13], net=row[14], cost=row[15], dimensions=row[16] or "", taxes=tuple(taxes.get((row[0], row[1]), ())),
        )
        for row in read.rows_for(SOLD, document_ids)
    }  # fmt: skip


def find_sources(
    context: Any, legal_entity_id: str, named: Mapping[int, tuple[str, int]], issues: list[Issue], pointer: str = "/lines"
) -> dict[int, Source]:
    """Find the sources that lines name, by the place of the line: an invoice of any store by any of its keys, and a line number.

    What is not there is an issue at its line. AmbiguousKey where a key leads to several invoices.
    """
    documents: dict[str, str] = {}
    for place, (invoice, _) in named.items():
        if invoice not in documents:
            try:
                documents[invoice] = find_document(context.read, "invoice", legal_entity_id, invoice)
            except NotFound:
                message = f"Line {place + 1}: there is no invoice {invoice!r} to take goods back of."
                issues.append(Issue(code="SALES_SOURCE_UNKNOWN", message=message, pointer=f"{pointer}/{place}/source/invoice", got=invoice))
    known = load_sources(context.read, list(dict.fromkeys(documents.values()))) if documents else {}
    found: dict[int, Source] = {}
    for place, (invoice, number) in named.items():
        if invoice not in documents:
            continue
        source = known.get((documents[invoice], number))
        if source is not None:
            found[place] = source
        else:
            message = f"Line {place + 1}: invoice {invoice} has no line {number}."
            issues.append(Issue(code="SALES_SOURCE_UNKNOWN", message=message, pointer=f"{pointer}/{place}/source/line", got=str(number)))
    return found


@attrs.define
class _Taken:
    """What lines took of one source so far, with those of the plan; the lines of a document add themselves one by one."""

    claimed: Thousandths
    valued: Thousandths
    amounts: dict[str, Minor]
    taxes: dict[str, Minor]

    def take(self, line: SalesLine, source: Source) -> SalesLine:
        """Give a line its share of the source: of its cost, and of its money where the line gives money back."""
        quantity, before = abs(line.quantity), self.claimed
        cost = next_part(source.cost, self.amounts["cost"], before, quantity, source.quantity)
        self.claimed += quantity
        self.amounts["cost"] += cost
        if line.treatment.money == "none":
            return evolve(line, source_cost=-cost, unit_price=source.unit_price, price_origin="unpriced", discount=0, net_discount=0)
        amounts = {}
        for name in MONEY:
            amounts[name] = next_part(getattr(source, name), self.amounts[name], self.valued, quantity, source.quantity)
            self.amounts[name] += amounts[name]
        taxes = []
        for tax in source.taxes:
            amount = next_part(tax.amount, self.taxes.get(tax.code, 0), self.valued, quantity, source.quantity)
            self.taxes[tax.code] = self.taxes.get(tax.code, 0) + amount
            taxes.append(LineTax(tax.code, tax.rate, -amount))
        self.valued += quantity
        net, tax_sum = -amounts["net"], sum(found.amount for found in taxes)
        return evolve(
            line, source_cost=-cost, unit_price=source.unit_price, price_origin=ORIGIN, discount=-amounts["discount"],
            net_discount=-amounts["net_discount"], net=net, tax=tax_sum, total=net + tax_sum, taxes=tuple(taxes),
        )  # fmt: skip


def shape_sources(document: SalesOrder, facts: Facts, context: Any) -> SalesOrder:
    """Give each line that names its source its exact share: price, discount, net, taxes and cost of the sale (RET-11, RET-13).

    A line that has its share already keeps it, however often its order is calculated.
    """
    new = [line.source for line in document.lines if line.source is not None and not line.claimed]
    if not new:
        return document
    sources = {_place(source): source for source in new}
    rows = {place: dict(row) for place, row in context.balance(SOURCE, list(sources)).items()}
    codes = [(*place, tax.code) for place, source in sources.items() for tax in source.taxes]
    taxes = {code: dict(row) for code, row in context.balance(SOURCE_TAX, codes).items()} if codes else {}
    for line, quantity in document.lets_go:
        _take_off(line, quantity, rows, taxes)
    taken = {
        place: _Taken(
            row["claimed"], row["valued"], {name: row[name] for name in (*MONEY, "cost")},
            {tax.code: taxes[(*place, tax.code)]["amount"] for tax in sources[place].taxes},
        )
        for place, row in rows.items()
    }  # fmt: skip
    lines = [line if line.source is None or line.claimed else taken[_place(line.source)].take(line, line.source) for line in document.lines]
    return evolve(document, lines=tuple(lines))


def _take_off(line: SalesLine, quantity: Thousandths, rows: Mapping[Place, dict[str, int]], taxes: Mapping[Any, dict[str, int]]) -> None:
    """Take what a line lets go of its source off what was taken of it, as the change of its order will."""
    before = abs(line.quantity) - line.counters.cancelled - quantity
    for effect in _let_go(line, before, quantity, claimed=True):
        counters = rows if effect[0] == SOURCE else taxes
        for name, amount in effect[2].items() if effect[1] in counters else ():
            counters[effect[1]][name] += amount


def _place(source: Source) -> Place:
    return (source.document_id, source.number)


def check_sources(document: SalesOrder, facts: Facts, context: Any) -> list[Issue]:
    """Check that lines take back what was sold: the product, to whom, and no more of it than is left (RET-12)."""
    issues: list[Issue] = []
    asked: dict[Place, Thousandths] = {}
    for line, quantity in document.lets_go:
        if line.source is not None:
            asked[_place(line.source)] = asked.get(_place(line.source), 0) - quantity
    for line in document.lines:
        if line.source is None or line.claimed:
            continue
        issues += _mismatches(document, line, line.source)
        place = _place(line.source)
        taken = context.balance(SOURCE, [place])[place]["claimed"] + asked.get(place, 0)
        asked[place] = asked.get(place, 0) + abs(line.quantity)
        if line.source.quantity > 0 and abs(line.quantity) > line.source.quantity - taken:
            issues.append(_exceeded(line, line.source, taken))
    return issues


def _exceeded(line: SalesLine, source: Source, taken: Thousandths) -> Issue:
    left, asked = source.quantity - taken, format_quantity(abs(line.quantity))
    told = {"sold": format_quantity(source.quantity), "returned": format_quantity(taken), "returnable": format_quantity(left)}
    return Issue(
        code="RET_QTY_EXCEEDS_RETURNABLE",
        message=f"Line {source.number} of invoice {source.document_number}: {asked} asked, {told['returnable']} can still be returned "
        f"({told['sold']} sold, {told['returned']} returned).",
        pointer=f"/lines/{line.number - 1}/quantity",
        rule="RET-12",
        expected=told,
        got=asked,
        action="Take back what is left, or leave the source out where goods without receipt are accepted.",
    )


def _mismatches(document: SalesOrder, line: SalesLine, source: Source) -> Iterable[Issue]:
    at = f"/lines/{line.number - 1}"
    where = f"line {source.number} of invoice {source.document_number}"
    if line.quantity >= 0 or source.quantity <= 0:
        which = "a line that takes back has a negative quantity" if line.quantity >= 0 else f"{where} is not a sale"
        message = f"Line {line.number}: {which}, so it cannot take back {where}."
        yield Issue(code="SALES_SOURCE_SIGN", message=message, pointer=f"{at}/quantity", got=format_quantity(line.quantity))
    if line.product_id != source.product_id:
        message = f"Line {line.number}: {where} sold {source.product_number}, not {line.product_number}."
        yield Issue(
            code="SALES_SOURCE_PRODUCT", message=message, pointer=f"{at}/product", expected={"product": source.product_number},
            got=line.product_number,
        )  # fmt: skip
    if line.given_price is not None or line.given_cost is not None:
        message = f"Line {line.number}: price, discount and cost are those of {where}. Leave them out."
        yield Issue(code="SALES_SOURCE_PRICE", message=message, pointer=f"{at}/unit_price")
    if document.currency != source.currency:
        message = f"Line {line.number}: {where} is in {source.currency}, the order in {document.currency}."
        yield Issue(
            code="SALES_CURRENCY", message=message, pointer="/currency", expected={"currency": source.currency}, got=document.currency
        )
    if source.party_type == "customer" and source.party_id not in (document.party_id, document.customer_id):
        message = f"Line {line.number}: {where} was sold to another customer. Give the customer who bought it."
        yield Issue(code="SALES_SOURCE_CUSTOMER", message=message, pointer="/customer")


def claim_sources(document: SalesOrder, facts: Facts, context: Any) -> list[Any]:
    """Claim what the lines of an order take back, on the line that was sold and on the invoice line (RET-12)."""
    effects: list[Any] = []
    opened: set[Place] = set()
    for line in document.lines:
        source = line.source
        if source is None or line.claimed:
            continue
        quantity, valued, place = abs(line.quantity), line.price_origin == ORIGIN, _place(source)
        amounts = {"claimed": quantity, "cost": -(line.source_cost or 0)}
        if valued:
            amounts |= {"valued": quantity, "discount": -line.discount, "net_discount": -line.net_discount, "net": -line.net}
        taken = source.quantity - context.balance(SOURCE, [place])[place]["claimed"]
        effects.append(Claim(LINE, (source.lot_id,), {"return_claimed": quantity}, "returnable", issue=_exceeded(line, source, taken)))
        effects.append(_on_source(source, amounts, context, opened))
        effects += [Claim(SOURCE_TAX, (*place, tax.code), {"amount": -tax.amount}) for tax in line.taxes if valued and tax.amount]
    return effects


def _on_source(source: Source, amounts: Mapping[str, int], context: Any, opened: set[Place]) -> Claim:
    """Claim on the row of an invoice line that nobody else changed since: shares are right for what was taken before alone."""
    place = _place(source)
    stored, left = context.stored_balance(SOURCE, place), context.balance(SOURCE, [place])[place]
    changed = {**amounts, "changes": 1}
    if not stored["changes"]:
        if not left["changes"] and place not in opened:
            changed["sold"] = source.quantity
        opened.add(place)
        return Claim(SOURCE, place, changed, opens=True)
    return Claim(SOURCE, place, changed, "returnable", expected={"changes": stored["changes"]})


def released(line: SalesLine, quantity: Thousandths, context: Any) -> list[Any]:
    """Give back what a line claims of its source for a quantity (without sign) that will not be taken back after all.

    For who cancels the line or takes some of it away: the last of what is not cancelled yet goes, so what stays has the shares
    F(quantity that stays) of the line. Nothing for a line without a source.
    """
    if line.source is None:
        return []
    before = abs(line.quantity) - line.counters.cancelled - quantity
    counted = Claim(LINE, (line.source.lot_id,), {"return_claimed": -quantity}, "claimed")
    return [counted, *_given_back(line, before, quantity, context, claimed=True)]


def taken_back(line: SalesLine, quantity: Thousandths, context: Any) -> list[Any]:
    """Count on its source what a line took back for good when it is invoiced; `quantity` without sign, after what was invoiced before.

    Goods that went back to the customer, or never came, for no money are no return: the customer may return them again.
    """
    if line.source is None:
        return []
    gives_money = line.treatment.money == "full"
    if gives_money or line.treatment.goods == "receive":
        amounts, claimed = {"return_claimed": -quantity, "credited": quantity}, False
    else:
        amounts, claimed = {"return_claimed": -quantity}, True
    counted = Claim(LINE, (line.source.lot_id,), amounts, "claimed")
    if gives_money:
        return [counted]
    return [counted, *_given_back(line, line.counters.invoiced, quantity, context, claimed=claimed)]


def _given_back(line: SalesLine, before: Thousandths, quantity: Thousandths, context: Any, *, claimed: bool) -> list[Any]:
    """Take the shares of a quantity after `before` off the source: its money where it has any, and where `claimed` it and its cost."""
    if line.source is None:
        return []
    return [
        _on_source(line.source, amounts, context, set()) if balance == SOURCE else Claim(balance, key, amounts)
        for balance, key, amounts in _let_go(line, before, quantity, claimed=claimed)
    ]


def _let_go(line: SalesLine, before: Thousandths, quantity: Thousandths, *, claimed: bool) -> list[tuple[str, tuple[Any, ...], dict[str, int]]]:
    """Tell by how much the balances of a line's source change where it lets a quantity after `before` go: balance, key, amounts."""
    source, whole, valued = line.source, abs(line.quantity), line.price_origin == ORIGIN
    if source is None:
        return []
    amounts: dict[str, int] = {}
    if claimed:
        amounts |= {"claimed": -quantity, "cost": part(line.source_cost or 0, before, quantity, whole)}
    if valued:
        amounts |= {"valued": -quantity, **{name: part(getattr(line, name), before, quantity, whole) for name in MONEY}}
    if not amounts:
        return []
    found: list[tuple[str, tuple[Any, ...], dict[str, int]]] = [(SOURCE, _place(source), amounts)]
    for tax in line.taxes if valued else ():
        amount = part(tax.amount, before, quantity, whole)
        if amount:
            found.append((SOURCE_TAX, (*_place(source), tax.code), {"amount": amount}))
    return found
