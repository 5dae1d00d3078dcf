"""Operations of stock."""

from __future__ import annotations

from kassa.kernel.contributions import Http, Operation
from kassa.kernel.operations import page_of
from kassa.stock import adjusting, availability, listing, messages
from kassa.stock.operations import costs, counts, promises, transfers

_OWN: tuple[Operation, ...] = (
    Operation(
        name="stock.adjust",
        summary="Adjust stock",
        description="Opening stock, the difference of a count, a loss, a correction: up to 5,000 lines, posted together, physically and in the ledger.",
        effect="post",
        http=Http(method="POST", path="/stock/adjustments", status=201, location="/stock/adjustments/{id}"),
        scope="acting_store",
        request=messages.Adjust,
        response=messages.AdjustmentView,
        permission="stock.adjust",
        handler=adjusting.adjust,
        example={"store": "S001", "reason": "opening", "lines": [{"product": "85123A", "quantity": "24", "unit_cost": "1.55"}]},
    ),
    Operation(
        name="stock.list_adjustments",
        summary="List stock adjustments",
        effect="read",
        http=Http(method="GET", path="/stock/adjustments"),
        request=messages.ListAdjustments,
        response=page_of(messages.AdjustmentSummaryView),
        permission="stock.adjust",
        handler=listing.list_adjustments,
        collection=True,
    ),
    Operation(
        name="stock.read_adjustment",
        summary="Read a stock adjustment",
        effect="read",
        http=Http(method="GET", path="/stock/adjustments/{adjustment}"),
        request=messages.ReadAdjustment,
        response=messages.AdjustmentView,
        permission="stock.adjust",
        handler=listing.read_adjustment,
    ),
    Operation(
        name="stock.read",
        summary="Read stock",
        description="What lies of which product in which warehouse, by bucket; any store of the legal entity can be looked at.",
        effect="read",
        http=Http(method="GET", path="/stock"),
        request=messages.ReadStock,
        response=page_of(messages.StockView),
        permission="stock.read",
        handler=listing.read_stock,
        collection=True,
    ),
    Operation(
        name="stock.list_movements",
        summary="List the movements of a product",
        description="Each step of each lot: where it came from, where it went, by which document. Newest lots first.",
        effect="read",
        http=Http(method="GET", path="/stock/movements"),
        request=messages.ListMovements,
        response=page_of(messages.MovementView),
        permission="stock.read",
        handler=listing.list_movements,
        collection=True,
    ),
)
OPERATIONS: tuple[Operation, ...] = (
    *_OWN,
    *promises.OPERATIONS,
    *transfers.OPERATIONS,
    *counts.OPERATIONS,
    *costs.OPERATIONS,
    *availability.OPERATIONS,
)
