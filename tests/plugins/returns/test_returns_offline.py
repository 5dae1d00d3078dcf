"""Returns that tills took while they were offline: sent later under the keys that they had, in order, and again where an answer was lost."""

import pytest

from kassa.kernel.invariants import verify

YESTERDAY = "2026-03-01"


class Offline:
    """A till without a connection: it keeps what it was told, each request with its key, and sends it later."""

    def __init__(self, desk):
        self.desk, self.kept = desk, []

    def take_back(self, customer, product, invoice, **more):
        """Take a piece back and credit it, as if somebody answered; how the till itself names the return."""
        name = f"{self.desk.store}-OFF-{len(self.kept)}"
        line = {"product": product, "quantity": "-1", "source": {"invoice": invoice, "line": 1}, **more}
        header = {"store": self.desk.store, "customer": customer, "reference": name, "date": YESTERDAY, "lines": [line]}
        self.keep("/returns", header)
        self.keep(f"/returns/{name}/registrations", {"date": YESTERDAY, "lines": [{"line": 1, "disposition": "RS"}]})
        self.keep("/invoices", {"orders": [{"order": name}], "quantity_basis": "all", "date": YESTERDAY})
        return name

    def keep(self, path, body):
        """Keep a request."""
        self.kept.append((path, body, f"{self.desk.store}-{len(self.kept)}"))

    def send(self):
        """Send what was kept, in order, up to what is refused; status, code and whether it was answered before."""
        told = []
        for path, body, key in self.kept:
            answer = self.desk.send("POST", path, body, Idempotency_Key=key)
            issues = answer.get_json().get("issues", ())
            told.append((answer.status_code, issues[0]["code"] if issues else None, answer.headers.get("Idempotent-Replayed") == "true"))
            if answer.status_code >= 400:
                break
        return told


@pytest.mark.rule("RET-12", "S-13")
def test_what_two_stores_took_back_offline_is_posted_once_and_the_second_is_an_error(town, desk):
    customer, product, invoice = desk.sold_one()
    tills = [Offline(town.desk().by("administrator")) for _ in range(2)]
    first, second = (till.take_back(customer, product, invoice) for till in tills)
    assert tills[0].send() == [(201, None, False), (201, None, False), (201, None, False)]
    before = desk.rows("SELECT count(*) FROM kernel_document")
    assert tills[0].send() == [(201, None, True), (201, None, True), (201, None, True)], "the answers were lost, nothing else was"
    assert tills[1].send() == [(422, "RET_QTY_EXCEEDS_RETURNABLE", False)]
    assert tills[1].send() == [(422, "RET_QTY_EXCEEDS_RETURNABLE", False)]
    assert desk.rows("SELECT count(*) FROM kernel_document") == before
    assert tills[1].desk.send("GET", f"/returns/{second}").status_code == 404
    refused = "SELECT a.operation, a.code FROM kernel_audit a JOIN org_store s ON s.id = a.store_id WHERE s.number = ? AND a.outcome = 'refused'"
    assert desk.rows(refused, tills[1].desk.store) == [("returns.create", "RET_QTY_EXCEEDS_RETURNABLE")] * 2
    made = desk.rma(first)
    assert (made["state"], made["date"], made["deadline"], made["total"]) == ("closed", YESTERDAY, "2026-05-30", "-90.00")
    assert verify(desk.engine) == []


@pytest.mark.rule("S-13")
def test_goods_that_a_store_has_and_cannot_post_are_taken_without_their_receipt(town, desk):
    customer, product, invoice = desk.sold_one()
    desk.come_back(customer, invoice)
    till = Offline(town.desk())
    till.take_back(customer, product, invoice)
    assert till.send() == [(422, "RET_QTY_EXCEEDS_RETURNABLE", False)]
    clerk, manager = till.desk.by("cashier"), till.desk.by("store_manager")
    _, body, _ = till.kept[0]
    blind = {**body, "lines": [{"product": product, "quantity": "-1", "without_receipt": True}]}
    assert clerk.refused("/returns", blind) == ["RET_WITHOUT_RECEIPT"]
    token = clerk.problem["approval"]["token"]
    manager.post(f"/approvals/{token}/grant", {})
    made = clerk.post("/returns", blind, Idempotency_Key=f"{till.desk.store}-again", Kassa_Approval=token)
    assert (made["date"], made["lines"][0]["unreferenced"]) == (YESTERDAY, True)
    (row,) = desk.get(f"/reports/returns.unreferenced?store={till.desk.store}")["rows"]
    assert row["rma_number"] == made["rma_number"]
    assert verify(desk.engine) == []
