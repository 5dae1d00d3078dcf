"""The vocabulary of payments: the tenders that the core knows, and their clearing accounts."""

from __future__ import annotations

from kassa.ledger.documents import ChartAccount
from kassa.payments.documents import TenderType

TENDERS = (
    TenderType(name="cash", summary="Cash", change=True, account_number="1001"),
    TenderType(name="card", summary="Card", account_number="1002"),
    TenderType(name="bank_transfer", summary="Bank transfer", account_number="1003"),
)


def clearing_accounts(tenders: tuple[TenderType, ...] = TENDERS) -> list[ChartAccount]:
    """Give the shipped chart one clearing account for each tender."""
    return [
        ChartAccount(
            name=f"payments.{tender.name}", summary=f"Clearing {tender.summary.lower()}", number=tender.account_number, type="asset",
            role="tender", selector=tender.name,
        )
        for tender in tenders
    ]  # fmt: skip
