"""A cashier, a manager and their approval over HTTP: refused, listed, granted, done once; limits; what can be done with an order."""

import pytest

from kassa.kernel.invariants import verify
from kassa.testing.builders import build_shop, furnish

CHEAPER = {"lines": [{"product": "LAMP", "quantity": "1", "unit_price": "90.00"}], "payments": [{"tender": "cash", "amount": "90.00"}]}


@pytest.fixture
def shop(engine):
    """A shop with goods."""
    return furnish(build_shop(engine))


@pytest.fixture
def sign_in(shop, owner):
    """Makes workers with a role in the store, each calling the API by a key of the own."""

    def make(number, role, **more):
        place = {"legal_entity": "NL01", "store": "S001"}
        shop.perform("org.create_worker", {"number": number, "name": f"Worker {number}"})
        shop.perform("org.grant_role", {"worker": number, "role": role, **place})
        key = {"name": f"Key of {number}", "worker": number, "roles": [], "store": "S001", **more}
        return owner.with_token(shop.perform("org.create_api_key", key)["token"])

    return make


def test_a_cashier_asks_and_a_manager_grants(shop, sign_in, engine):
    till, office = sign_in("1042", "cashier", register="T1"), sign_in("1001", "store_manager")
    problem = till.refused("/sales", CHEAPER, 409, "SALES_OVERRIDE_REQUIRED")
    approval = problem["approval"]
    assert [(issue["code"], issue["permission"]) for issue in approval["issues"]] == [("SALES_PRICE_OVERRIDE", "sales.override_price")]

    (waiting,) = office.get("/approvals")["items"]
    assert (waiting["token"], waiting["requester_name"], waiting["operation"]) == (approval["token"], "Worker 1042", "sales.sell")
    assert till.get(f"/approvals/{approval['token']}")["state"] == "waiting"
    till.refused(f"/approvals/{approval['token']}/grant", {}, 403, "NOT_PERMITTED")
    header = {"Kassa-Approval": approval["token"]}
    waits = till.send("POST", "/sales", CHEAPER, headers=header)
    assert (waits.status_code, waits.get_json()["code"], waits.headers["Retry-After"]) == (409, "APPROVAL_WAITING", "2")
    granted = office.post(f"/approvals/{approval['token']}/grant", {"reason": "Scratched"}, status=200)
    assert (granted["state"], granted["decided_by_name"]) == ("approved", "Worker 1001")

    till.refused("/sales", {**CHEAPER, "reference": "X"}, 409, "APPROVAL_OTHER_CONTENT", headers=header)
    sold = till.send("POST", "/sales", CHEAPER, headers={**header, "Idempotency-Key": "T1-1"})
    assert (sold.status_code, sold.get_json()["total"]) == (201, "90.00")
    again = till.send("POST", "/sales", CHEAPER, headers={"Idempotency-Key": "T1-1"})
    assert (again.data, again.headers["Idempotent-Replayed"]) == (sold.data, "true")
    till.refused("/sales", CHEAPER, 409, "APPROVAL_USED", headers=header)
    till.refused("/sales", CHEAPER, 400, "INPUT_UNREADABLE", headers={"Kassa-Approval": "please"})
    with engine.database.snapshot() as read:
        sql = (
            "SELECT w.number, v.number FROM kernel_audit a JOIN org_worker w ON CAST(w.id AS text) = a.actor "
            "JOIN org_worker v ON CAST(v.id AS text) = a.approver WHERE a.operation = 'sales.sell' AND a.outcome = 'done'"
        )
        assert read.rows(sql) == [("1042", "1001")]
    assert verify(engine) == []


def test_a_manager_declines(shop, sign_in):
    till, office = sign_in("1042", "cashier", register="T1"), sign_in("1001", "store_manager")
    token = till.refused("/sales", CHEAPER, 409, "SALES_OVERRIDE_REQUIRED")["approval"]["token"]
    office.post(f"/approvals/{token}/refusal", {"reason": "It is new"}, status=200)
    problem = till.refused("/sales", CHEAPER, 409, "APPROVAL_DECLINED", headers={"Kassa-Approval": token})
    assert problem["detail"] == "Worker 1001 declined this: It is new."


def test_an_order_tells_its_actions(shop, sign_in):
    till = sign_in("1042", "cashier", register="T1")
    order = till.post("/orders", {"customer": "C0001", "lines": [{"product": "LAMP", "quantity": "1"}]})["number"]
    shown = till.get(f"/orders/{order}/actions")
    assert {action["operation"]: action["possible"] for action in shown["actions"]} == {
        "sales.add_charges": "yes",
        "sales.cancel_lines": "yes",
        "sales.cancel_order": "no",
        "sales.change_charge": "yes",
        "sales.forfeit_deposit": "no",
        "sales.post_invoices": "no",
        "sales.post_packing_slip": "yes",
        "sales.refund_deposit": "no",
        "sales.remove_charge": "yes",
        "sales.start_edit": "yes",
        "sales.take_deposit": "yes",
        "sales.transfer_deposit": "no",
    }
    assert till.send("GET", "/orders/SO-0/actions").status_code == 404


def test_the_document_describes_approvals(owner):
    document = owner.client.get("/openapi.json").get_json()
    paths = document["paths"]
    assert {"$ref": "#/components/parameters/Approval"} in paths["/v1/sales"]["post"]["parameters"]
    assert document["components"]["parameters"]["Approval"]["name"] == "Kassa-Approval"
    assert document["components"]["schemas"]["Problem"]["properties"]["approval"] == {"$ref": "#/components/schemas/Approval"}
    for kind in ("/v1/orders/{order}", "/v1/invoices/{invoice}", "/v1/payments/{payment}", "/v1/stock/adjustments/{adjustment}"):
        assert paths[f"{kind}/actions"]["get"]["x-permission"] == paths[kind]["get"]["x-permission"]
    for path in (
        "/v1/approvals",
        "/v1/approvals/{token}",
        "/v1/approvals/{token}/grant",
        "/v1/approvals/{token}/refusal",
        "/v1/limits/{permission}",
    ):
        assert path in paths
