"""The rules of stock by kind and transition: who shapes, checks, values, moves and books which document."""

from __future__ import annotations

from typing import Any

from kassa.kernel.contributions import Loader, Rule, Stage
from kassa.ledger.documents import Books
from kassa.ledger.facts import load_books
from kassa.stock import blocking, costs, reserving, residues, rules, transferring


def _rule(name: str, kind: str, transition: str, stage: Stage, run: Any, summary: str, **more: Any) -> Rule:
    return Rule(name=f"stock.{name}", kind=kind, transition=transition, stage=stage, run=run, summary=summary, **more)


LOADERS = (
    Loader(name="stock.books", facts=Books, load=load_books, kind="stock_adjustment"),
    Loader(name="stock.transfer_books", facts=Books, load=load_books, kind="stock_transfer_posting"),
    Loader(name="stock.cost_books", facts=Books, load=load_books, kind="stock_cost_adjustment"),
)
ADJUSTMENT, RESERVATION, TRANSFER, POSTING = "stock_adjustment", "stock_reservation", "stock_transfer", "stock_transfer_posting"
COST = "stock_cost_adjustment"
RULES = (
    _rule("counted", "stock_count", "post", "check", rules.check_counted, "Something was counted.", gate=True),
    _rule(
        "value_adjustment", ADJUSTMENT, "post", "cost", rules.value_adjustment, "Goods are valued as their product is costed.",
        shapes=True,
    ),
    _rule("move_adjustment", ADJUSTMENT, "post", "stock", rules.move_adjustment, "Stock goes in or out at once, physically and financially."),
    _rule("book_adjustment", ADJUSTMENT, "post", "entries", rules.book_adjustment, "Inventory against the account of the reason."),
    _rule(
        "adjustment_lines", ADJUSTMENT, "post", "check", rules.check_adjustment,
        "Quantities and costs fit the reason and can be booked; a warning where stock becomes negative.",
    ),
    _rule("keep", RESERVATION, "create", "stock", reserving.keep, "Lots are reserved, no more than is available."),
    _rule("keep_arrived", RESERVATION, "arrive", "stock", reserving.keep_arrived, "What came is kept for whom it was promised."),
    _rule("let_go", RESERVATION, "let_go", "stock", reserving.let_go, "What is still kept is let go."),
    _rule("let_lapse", RESERVATION, "lapse", "stock", reserving.let_go, "What is still kept is let go."),
    _rule("let_expire", RESERVATION, "expire", "stock", reserving.let_go, "What is still kept is let go."),
    _rule("releasable", "stock_block", "unblock", "check", blocking.check_releasable, "Goods of it are blocked still.", gate=True),
    _rule("block", "stock_block", "post", "stock", blocking.move_blocked, "Goods go into what is blocked, or out of it."),
    _rule("open_transfer", TRANSFER, "create", "stock", transferring.open_transfer, "Goods wait here and are expected there."),
    _rule("left_to_ship", TRANSFER, "ship", "check", transferring.check_shippable, "Something has not left yet.", gate=True),
    _rule("left_to_receive", TRANSFER, "receive", "check", transferring.check_on_its_way, "Something is on its way.", gate=True),
    *(
        _rule(f"left_to_{move}", TRANSFER, move, "check", transferring.check_shippable, "Something has not left yet.", gate=True)
        for move in ("cancel", "cancel_rest", "conclude")
    ),
    _rule("cancel_transfer", TRANSFER, "cancel", "stock", transferring.cancel_rest, "What was not shipped is given up."),
    _rule("cancel_transfer_rest", TRANSFER, "cancel_rest", "stock", transferring.cancel_rest, "What was not shipped is given up."),
    _rule("end_transfer", TRANSFER, "conclude", "stock", transferring.cancel_rest, "What was not shipped is given up."),
    _rule("transfer_lines", POSTING, "post", "check", transferring.check_posting, "No more is shipped than is left, or received than is on its way."),
    _rule("value_transfer", POSTING, "post", "cost", transferring.value_posting, "What leaves is valued; what arrives takes its share of that.", shapes=True),
    _rule("move_transfer", POSTING, "post", "stock", transferring.move_posting, "The lots that leave and arrive move on."),
    _rule("book_transfer", POSTING, "post", "entries", transferring.book_posting, "What was lost on its way is a loss."),
    _rule("cost_layers", COST, "post", "check", costs.check_layers, "Layers can be booked."),
    _rule("add_layers", COST, "post", "stock", costs.add_layers, "The value of each lot changes.", rules=("RET-14",)),
    _rule("book_layers", COST, "post", "entries", costs.book_layers, "Inventory against the account on which the cost stands."),
    _rule(
        "clear_residues", "*", "*", "entries", residues.clear_residues, "A value that is left over where nothing is on hand goes to the rounding account.",
        order=1000,
    ),
)  # fmt: skip
