"""A shop that owes: two vendors with bank accounts, and a bank account to pay them from."""

import pytest

from kassa.testing.builders import Shop


@pytest.fixture
def owing(shop: Shop) -> Shop:
    shop.perform("parties.create_vendor", {"number": "V1", "name": "Keramiek BV", "due_days": 14})
    shop.perform("parties.create_vendor", {"number": "V2", "name": "Glas & Söhne"})
    shop.perform("parties.add_bank_account", {"vendor": "V1", "iban": "DE89 3704 0044 0532 0130 00", "bic": "COBADEFFXXX"})
    shop.perform("parties.add_bank_account", {"vendor": "V2", "iban": "GB82WEST12345698765432"})
    shop.perform(
        "payables.create_bank_account", {"code": "MAIN", "name": "Current account", "iban": "NL91 ABNA 0417 1643 00", "bic": "ABNANL2A"}
    )
    return shop
