"""What must hold of payments in any database: each is booked and on account, counters follow documents, intents follow payments."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from kassa.kernel.contributions import Invariant
from kassa.kernel.invariants import SAMPLES
from kassa.ledger.invariants import ACCOUNTS_OF_ROLE

UNBOOKED = (
    "SELECT document_id, wanted, booked FROM (SELECT p.document_id, {wanted} AS wanted, "
    "(SELECT coalesce(sum(x.transaction_amount), 0) FROM ledger_entry x WHERE x.document_id = p.document_id AND x.currency = p.currency "
    f"AND x.account_id IN ({ACCOUNTS_OF_ROLE})) AS booked FROM {{table}} p) t WHERE wanted <> booked LIMIT ?"
)
UNOPENED = (
    "SELECT p.document_id, p.amount + p.rounding FROM payments_payment p WHERE (SELECT count(*) FROM ledger_open_item i "
    "WHERE i.document_id = p.document_id AND i.amount = -(p.amount + p.rounding) AND i.currency = p.currency AND i.party_type = p.party_type "
    "AND i.party_id = p.party_id) <> 1 LIMIT ?"
)
DEPOSITS = (
    "SELECT order_id, left_over, open_items, paid, came, applied, used FROM (SELECT b.order_id, b.paid, b.applied, "
    "b.paid - b.applied - b.refunded - b.transferred - b.forfeited AS left_over, "
    '(SELECT coalesce(sum(-i."open"), 0) FROM payments_deposit_item t JOIN ledger_open_item i ON i.id = t.open_item_id WHERE t.order_id = b.order_id) '
    "AS open_items, "
    "(SELECT coalesce(sum(-i.amount), 0) FROM payments_deposit_item t JOIN ledger_open_item i ON i.id = t.open_item_id AND i.amount < 0 "
    "WHERE t.order_id = b.order_id) AS came, "
    "(SELECT coalesce(sum(s.amount), 0) FROM payments_deposit_item t JOIN ledger_settlement s ON s.credit_item_id = t.open_item_id "
    "JOIN ledger_open_item o ON o.id = s.debit_item_id WHERE t.order_id = b.order_id AND o.type <> 'prepayment') AS used "
    "FROM payments_deposit b) t WHERE left_over <> open_items OR paid <> came OR applied <> used LIMIT ?"
)
UNCOUNTED = (
    "SELECT t.order_id, t.open_item_id FROM payments_deposit_item t LEFT JOIN payments_deposit b ON b.order_id = t.order_id "
    "LEFT JOIN ledger_open_item i ON i.id = t.open_item_id AND i.type = 'prepayment' WHERE b.order_id IS NULL OR i.id IS NULL LIMIT ?"
)
# What a void of a refund frees is taken away again; a payment that a processor declined counts as given back as a whole.
CAPTURES = (
    "SELECT payment_id, captured, moved, refunded, given FROM (SELECT c.payment_id, c.captured, c.refunded, abs(p.amount + p.rounding) AS moved, "
    "(SELECT coalesce(sum(abs(r.amount + r.rounding)), 0) FROM payments_payment r WHERE r.source_id = c.payment_id) - "
    "(SELECT coalesce(sum(abs(v.amount + v.rounding)), 0) FROM payments_payment r JOIN payments_payment v ON v.source_id = r.document_id "
    "WHERE r.source_id = c.payment_id) AS given FROM payments_capture c JOIN payments_payment p ON p.document_id = c.payment_id) t "
    "WHERE captured <> moved OR refunded > captured OR (refunded <> given AND NOT (refunded = captured AND given > captured)) LIMIT ?"
)
OVERDRAWN = (
    "SELECT p.source_id FROM payments_payment p LEFT JOIN payments_capture c ON c.payment_id = p.source_id "
    "WHERE p.source_id IS NOT NULL AND c.payment_id IS NULL LIMIT ?"
)
INTENTS = (
    "SELECT n.document_id, d.type, d.state, (SELECT count(*) FROM payments_intent_result r WHERE r.intent_id = n.document_id AND r.outcome <> 'unknown') "
    "FROM payments_intent n JOIN kernel_document d ON d.id = n.document_id WHERE (SELECT count(*) FROM payments_intent_result r "
    "WHERE r.intent_id = n.document_id AND r.outcome = CASE WHEN d.state = 'declined' THEN 'declined' ELSE 'approved' END) "
    "<> CASE WHEN d.state IN ('planned', 'unknown') THEN 0 ELSE 1 END LIMIT ?"
)
AUTHORISATIONS = (
    "SELECT n.document_id, d.state FROM payments_intent n JOIN kernel_document d ON d.id = n.document_id WHERE d.type = 'authorise' AND "
    "(SELECT count(*) FROM payments_intent c JOIN kernel_document e ON e.id = c.document_id WHERE c.parent_id = n.document_id "
    "AND e.type = CASE WHEN d.state = 'released' THEN 'void' ELSE 'capture' END AND c.amount = n.amount) "
    "<> CASE WHEN d.state IN ('used', 'released') THEN 1 ELSE 0 END LIMIT ?"
)
CARRIED = (
    "SELECT n.document_id, d.state FROM payments_intent n JOIN kernel_document d ON d.id = n.document_id "
    "LEFT JOIN payments_payment p ON p.document_id = n.payment_id WHERE d.type IN ('capture', 'refund') AND (p.document_id IS NULL "
    "OR p.amount <> CASE WHEN d.type = 'capture' THEN n.amount ELSE -n.amount END OR (d.state = 'declined' "
    "AND NOT EXISTS (SELECT 1 FROM payments_payment v JOIN kernel_document e ON e.id = v.document_id "
    "WHERE v.source_id = p.document_id AND e.corrects_id = p.document_id))) LIMIT ?"
)


def booked(table: str, role: str, column: str) -> Callable[[Any], Iterable[str]]:
    """Make the search for documents whose amount is not what they booked to the accounts of a role."""
    sql = UNBOOKED.replace("{table}", table).replace("{wanted}", f"p.{column}")

    def differing(read: Any) -> Iterable[str]:
        for document_id, amount, found in read.rows(sql, (role, SAMPLES)):
            yield f"document {document_id}: its {column} is {amount} minor units, {int(found)} are booked to the role {role}"

    return differing


def unopened(read: Any) -> Iterable[str]:
    """Find payments that do not stand on their party's account exactly once, with the amount turned round."""
    for document_id, amount in read.rows(UNOPENED, (SAMPLES,)):
        yield f"payment {document_id}: it credits {amount} minor units, and its party has no open item of {-amount}"


def wrong_deposits(read: Any) -> Iterable[str]:
    """Find orders whose counted deposits are not what came in, what invoices took, and what is open."""
    for order_id, left, items, paid, came, applied, used in read.rows(DEPOSITS, (SAMPLES,)):
        yield (
            f"order {order_id}: {left} minor units of its deposits are left, {int(items)} are open; {paid} counted as paid, {int(came)} came in; "
            f"{applied} counted as applied, {int(used)} settled invoices"
        )
    for order_id, item_id in read.rows(UNCOUNTED, (SAMPLES,)):
        yield f"order {order_id}: its deposit {item_id} is not counted, or is no prepayment"


def wrong_captures(read: Any) -> Iterable[str]:
    """Find payments of which more was given back than they moved, or whose counters are not the sum of what was given back."""
    for payment_id, captured, moved, refunded, given in read.rows(CAPTURES, (SAMPLES,)):
        yield f"payment {payment_id}: counted are {captured} taken and {refunded} given back, its documents come to {moved} and {int(given)}"
    for (payment_id,) in read.rows(OVERDRAWN, (SAMPLES,)):
        yield f"payment {payment_id}: something was given back of it that is not counted"


def wrong_intents(read: Any) -> Iterable[str]:
    """Find intents whose state does not follow from their answers, or that fit neither their payment nor what follows them."""
    for intent_id, action, state, answers in read.rows(INTENTS, (SAMPLES,)):
        yield f"{action} {intent_id}: it is {state} and has {answers} answers that decide"
    for intent_id, state in read.rows(AUTHORISATIONS, (SAMPLES,)):
        yield f"authorisation {intent_id}: it is {state}, which its capture or void does not bear out"
    for intent_id, state in read.rows(CARRIED, (SAMPLES,)):
        yield f"intent {intent_id}: it is {state}, and its payment has another amount, is not there, or was not voided"


PAYMENT, DRAWER = "payments_payment", "payments_drawer_movement"
INVARIANTS = (
    Invariant(
        name="payments.booked",
        summary="Every payment is booked to the clearing account of its tender.",
        find=booked(PAYMENT, "tender", "amount"),
    ),
    Invariant(
        name="payments.rounding_booked",
        summary="The rounding of every payment is booked.",
        find=booked(PAYMENT, "cash_rounding", "rounding"),
    ),
    Invariant(name="payments.drawers_booked", summary="Every movement of a drawer is booked.", find=booked(DRAWER, "tender", "amount")),
    Invariant(name="payments.on_account", summary="Every payment opened on the account of its party.", find=unopened),
    Invariant(name="payments.deposits", summary="What is left of deposits is what is open of them.", find=wrong_deposits),
    Invariant(name="payments.refunded", summary="No more was given back of a payment than it took.", find=wrong_captures),
    Invariant(name="payments.intents", summary="Intents are as their answers and payments say.", find=wrong_intents),
)
