"""The vocabulary of the ledger: account roles with the accounts of the shipped chart."""

from __future__ import annotations

from kassa.ledger.documents import AccountRole, AccountType, DimensionName

ACCOUNT_ROLES = (
    AccountRole(name="receivable", summary="Trade receivables", type="asset", number="1100", control=True),
    AccountRole(name="prepayment", summary="Customer prepayments", type="liability", number="2300", control=True),
    AccountRole(name="inventory", summary="Inventory", type="asset", number="1300", control=True),
    AccountRole(name="inventory_physical", summary="Inventory received or delivered, not invoiced", type="asset", number="1310", control=True),
    AccountRole(name="packing_slip_offset", summary="Packing slip offset", type="asset", number="1320"),
    AccountRole(name="revenue", summary="Revenue", type="revenue", number="4000"),
    AccountRole(name="discount", summary="Discounts given", type="revenue", number="4100"),
    AccountRole(name="charge_income", summary="Charge income", type="revenue", number="4200"),
    AccountRole(name="sales_tax", summary="Sales tax payable", type="liability", number="2200"),
    AccountRole(name="cost_of_goods_sold", summary="Cost of goods sold", type="expense", number="5000"),
    AccountRole(name="stock_adjustment", summary="Stock gains and losses", type="expense", number="5100"),
    AccountRole(name="stock_rounding", summary="Rounding of stock values", type="expense", number="5110"),
    AccountRole(name="cost_variance", summary="Cost variances", type="expense", number="5120"),
    AccountRole(name="tender", summary="Tender clearing", type="asset", number="1000"),
    AccountRole(name="cash_rounding", summary="Cash rounding", type="expense", number="5900"),
    AccountRole(name="retained_earnings", summary="Retained earnings", type="equity", number="3100"),
    AccountRole(name="payable", summary="Trade payables", type="liability", number="2100", control=True),
    AccountRole(name="exchange_gain", summary="Exchange gains", type="revenue", number="4900"),
    AccountRole(name="exchange_loss", summary="Exchange losses", type="expense", number="5910"),
    AccountRole(name="currency_rounding", summary="Rounding of currencies", type="expense", number="5920"),
)
DIMENSIONS = (
    DimensionName(name="store", summary="The store in which something is sold, or whose goods move; its number", recorded=False),
    DimensionName(name="department", summary="A department of the legal entity"),
    DimensionName(name="cost_centre", summary="Where costs are borne"),
)
OPENING_EQUITY: tuple[str, str, AccountType] = ("3000", "Opening balance", "equity")
"""Opening stock is not a gain: adjustments for the reason `opening` go against equity."""
