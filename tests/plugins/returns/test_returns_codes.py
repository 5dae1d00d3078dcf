"""Reason codes with groups, disposition codes with one of six actions, and what codes charge."""

import itertools

import pytest

COUNT = itertools.count(1)


@pytest.fixture
def code():
    """A code that nobody has yet."""
    return f"K{next(COUNT):03d}"


@pytest.mark.rule("RET-01")
def test_a_reason_is_given_when_a_return_is_created(desk, code):
    desk.post("/returns/reason-codes", {"code": code, "name": "Too small"})
    assert code in [reason["code"] for reason in desk.get("/returns/reason-codes?limit=500")["items"]]
    customer, _, invoice = desk.sold_one()
    rma = desk.come_back(customer, invoice, reason=code)["rma_number"]
    assert desk.rma(rma)["reason"] == code
    assert desk.refused("/returns", {"store": desk.store, "customer": customer, "reason": "NONE", "invoices": [{"invoice": invoice}]}) == ["ORG_REASON_UNKNOWN"]


@pytest.mark.rule("RET-10")
def test_reasons_belong_to_groups(desk, code):
    desk.post("/returns/reason-groups", {"code": code, "name": "Quality"})
    made = desk.post("/returns/reason-codes", {"code": code, "name": "Broken", "group": code})
    assert (made["group"], desk.get(f"/returns/reason-codes/{code}")["group"]) == (code, code)
    assert code in [group["code"] for group in desk.get("/returns/reason-groups?limit=500")["items"]]
    assert desk.patch(f"/returns/reason-codes/{code}", group=None)["group"] is None
    assert desk.refused("/returns/reason-codes", {"code": f"{code}X", "name": "X", "group": "NOWHERE"}) == ["NOT_FOUND"]
    assert desk.refused("/returns/reason-groups", {"code": code, "name": "Again"}) == ["KEY_TAKEN"]


@pytest.mark.rule("RET-09")
def test_a_disposition_code_has_exactly_one_of_six_actions(desk, code):
    assert desk.refused("/returns/disposition-codes", {"code": code, "name": "No action"}) == ["INPUT_MISSING"]
    assert desk.refused("/returns/disposition-codes", {"code": code, "name": "A seventh", "action": "donate"}) == ["INPUT_NOT_ALLOWED"]
    actions = ("credit", "credit_only", "scrap", "replace_and_credit", "replace_and_scrap", "return_to_customer")
    for place, action in enumerate(itertools.chain(actions, actions)):
        made = desk.post("/returns/disposition-codes", {"code": f"{code}-{place}", "name": "Any number", "action": action})
        assert made["action"] == action
    assert desk.refused("/returns/disposition-codes", {"code": f"{code}-0", "name": "Again", "action": "scrap"}) == ["KEY_TAKEN"]


def test_a_disposition_code_is_found_by_what_partners_call_it_and_can_end(desk, code):
    desk.post("/returns/disposition-codes", {"code": code, "name": "Salvage", "action": "scrap", "external_codes": [f"EDI-{code}"]})
    assert desk.get(f"/returns/disposition-codes/EDI-{code}")["code"] == code
    assert desk.patch(f"/returns/disposition-codes/{code}", active=False, name="Was salvage")["version"] == 2
    customer, _, invoice = desk.sold_one()
    rma = desk.come_back(customer, invoice)["rma_number"]
    assert desk.refused(f"/returns/{rma}/registrations", {"lines": [{"line": 1, "disposition": code}]}) == ["RET_CODE_UNKNOWN"]
    assert code not in [found["code"] for found in desk.get("/returns/disposition-codes?active=true&limit=500")["items"]]


def test_a_charge_of_a_code_is_one_of_three(desk, code):
    for charge in ({"code": "handling"}, {"code": "handling", "amount": "1", "rate": "0.1"}, {"code": "nonsense", "amount": "1"}):
        assert desk.refused("/returns/disposition-codes", {"code": code, "name": "X", "action": "scrap", "charges": [charge]}) == ["RET_CHARGE_SHAPE"]


@pytest.mark.rule("RET-18", "RET-19")
def test_charges_have_three_origins_and_no_code_takes_those_of_another_away(desk, code):
    for suffix, amount in (("A", "10"), ("B", "5")):
        desk.post("/returns/reason-codes", {"code": f"{code}{suffix}", "name": suffix, "charges": [{"code": "handling", "amount": amount}]})
        charge = [{"code": "other", "per_piece": "1"}]
        desk.post("/returns/disposition-codes", {"code": f"{code}{suffix}", "name": suffix, "action": "credit", "charges": charge})
    customer, _, invoice = desk.sold_one()
    rma = desk.come_back(customer, invoice, reason=f"{code}A", charges=[{"code": "freight", "amount": "3.00"}])["rma_number"]
    desk.patch(f"/returns/{rma}", reason=f"{code}B")
    desk.patch(f"/returns/{rma}", reason=f"{code}B")
    desk.patch(f"/returns/{rma}/lines/1", disposition=f"{code}A")
    desk.patch(f"/returns/{rma}/lines/1", disposition=f"{code}B")
    desk.register(rma, f"{code}B")
    found = [(c["origin"], c["brought_by"], c["line"], c["amount"]) for c in desk.rma(rma)["charges"]]
    assert found == [
        ("manual", None, None, "3.00"), ("reason", f"{code}A", None, "10.00"), ("reason", f"{code}B", None, "5.00"),
        ("disposition", f"{code}A", 1, "-1.00"), ("disposition", f"{code}B", 1, "-1.00"),
    ]  # fmt: skip
    desk.slip(rma)
    (note,) = desk.credit(rma)
    assert note["total"] == "-74.00"
