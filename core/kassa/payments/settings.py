"""The vocabulary of payments: the tenders that the core knows, their clearing accounts, account roles, and settings."""

from __future__ import annotations

from kassa.kernel.contributions import SettingDefinition
from kassa.ledger.documents import AccountRole, ChartAccount
from kassa.payments.documents import TenderType
from kassa.payments.processor import PORT

TENDERS = (
    TenderType(name="cash", summary="Cash", change=True, rounds=True, account_number="1001"),
    TenderType(name="card", summary="Card", account_number="1002"),
    TenderType(name="bank_transfer", summary="Bank transfer", account_number="1003"),
    TenderType(name="card_online", summary="Card by processor", port=PORT, account_number="1004"),
    TenderType(name="check", summary="Check", takes=False, reverses=False, later=True, account_number="1005"),
    TenderType(name="customer_account", summary="Customer account", on_account=True, reverses=False),
)
ACCOUNT_ROLES = (
    AccountRole(name="safe", summary="Safe", type="asset", number="1090"),
    AccountRole(name="petty_cash", summary="Petty cash expenses", type="expense", number="5950"),
    AccountRole(name="forfeited_deposits", summary="Forfeited deposits", type="revenue", number="4300"),
)
SETTINGS = (
    SettingDefinition(
        name="payments.cash_rounding",
        summary="The smallest amount of cash, in minor units of the currency (5: five cents); 1: cash is exact.",
        type="int",
        default=1,
        minimum=1,
        maximum=1_000_000,
    ),
    SettingDefinition(
        name="payments.advance_credit",
        summary="A refund may be paid before its credit note is posted.",
        type="bool",
        default=False,
    ),
    SettingDefinition(
        name="payments.processor",
        summary="Whether tenders of a processor can be used: off until one is set up. Without another plugin the sandbox answers.",
        type="choice",
        choices=("off", "on"),
        default="off",
    ),
    SettingDefinition(
        name="payments.authorisation_minutes",
        summary="How long an authorisation waits for its sale, in minutes, before it is given back.",
        type="int",
        default=15,
        minimum=1,
        maximum=10_080,
        levels=("installation", "legal_entity"),
    ),
)


def clearing_accounts(tenders: tuple[TenderType, ...] = TENDERS) -> list[ChartAccount]:
    """Give the shipped chart one clearing account for each tender that books."""
    return [
        ChartAccount(
            name=f"payments.{tender.name}", summary=f"Clearing {tender.summary.lower()}", number=tender.account_number, type="asset",
            role="tender", selector=tender.name,
        )
        for tender in tenders
        if not tender.on_account
    ]  # fmt: skip
