"""What the plugin does, in a shop that sells: points come with invoices and go with credit notes."""

import pytest
from kassa_loyalty import hooks

from kassa import NotPermitted, Refused
from kassa.testing.builders import build_shop, furnish, line
from kassa.testing.ledger import assert_sound
from kassa.testing.suite import plugin_suite

MODULES = {"loyalty": hooks}


@pytest.fixture
def shop(make_engine):
    """A shop with the plugin; a LAMP costs 100.00."""
    return furnish(build_shop(make_engine(modules=MODULES)))


def points(shop, customer="C0001", **more):
    """The points of a customer."""
    return shop.perform("loyalty.read_points", {"customer": customer}, **more)["points"]


def test_an_invoice_gives_points_for_whole_units(shop):
    shop.sell(line("LAMP", "1", discount="0.01"), customer="C0001", payments={"cash": "99.99"})
    assert points(shop) == 99
    assert points(shop, "C0002") == 0
    assert_sound(shop)


def test_a_credit_note_takes_points_back(shop):
    shop.sell(line("LAMP", "2"), customer="C0001", payments={"cash": "200.00"})
    shop.sell(line("LAMP", "-1"), customer="C0001", payments={"cash": "-100.00"})
    assert points(shop) == 100


def test_nobody_gets_points_for_an_anonymous_sale(shop):
    shop.sell(line("LAMP"), payments={"cash": "100.00"})
    assert points(shop) == 0


def test_the_setting_says_how_many(shop):
    shop.set_setting("loyalty.points_per_unit", "3")
    shop.sell(line("LAMP"), customer="C0001", payments={"cash": "100.00"})
    assert points(shop) == 300


def test_a_refused_sale_and_a_preview_give_none(shop):
    with pytest.raises(Refused):
        shop.sell(line("LAMP", "11"), customer="C0001", payments={"cash": "1100.00"})
    shop.preview(*shop.sale(line("LAMP"), customer="C0001", payments=[{"tender": "cash", "amount": "100.00"}]))
    assert points(shop) == 0


def test_a_cashier_may_look_and_a_stock_clerk_may_not(shop):
    assert points(shop, actor=shop.actor("cashier")) == 0
    with pytest.raises(NotPermitted):
        points(shop, actor=shop.actor("stock_clerk"))


def tell(engine):
    """A day with the plugin, for the suite: every rule runs."""
    shop = furnish(build_shop(engine))
    shop.sell(line("LAMP"), customer="C0001", payments={"cash": "100.00"})


TestSuite = plugin_suite("loyalty", MODULES, story=tell)
