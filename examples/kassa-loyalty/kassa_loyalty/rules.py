"""Points for an invoice."""

from kassa import Claim, Context, Facts, Invoice

BALANCE = "loyalty.points"


def earn(invoice: Invoice, facts: Facts, context: Context) -> list[Claim]:
    """Give the customer points for each whole unit of currency of the total; a credit note takes them back."""
    if invoice.party_type != "customer":
        return []
    rate = context.setting("loyalty.points_per_unit", store_id=invoice.store_id)
    points = abs(invoice.total) // 10**invoice.exponent * rate
    if not points:
        return []
    return [Claim(BALANCE, (invoice.party_id,), {"points": points if invoice.total > 0 else -points})]
