"""Eight stores take the same unit back at the same moment: once."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from kassa.kernel.errors import Conflict, Refused
from kassa.kernel.invariants import verify
from kassa.kernel.permissions import SYSTEM


@pytest.mark.rule("RET-12", "S-13")
def test_the_same_unit_comes_back_once_from_eight_stores(town, desk):
    customer, product, invoice = desk.sold_one()
    stores = [town.desk() for _ in range(8)]
    line = {"product": product, "quantity": "-1", "source": {"invoice": invoice, "line": 1}}

    def take_back(place):
        command = {"store": stores[place].store, "customer": customer, "lines": [line]}
        try:
            return desk.engine.perform("returns.create", command, actor=SYSTEM, key=f"race-{product}-{place}", legal_entity_id=desk.entity).body["rma_number"]
        except (Conflict, Refused) as error:
            return error.code if isinstance(error, Conflict) else error.issues[0].code

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(take_back, range(8)))
    made = [answer for answer in answers if answer.startswith("RMA-")]
    assert len(made) == 1
    assert {answer for answer in answers if answer not in made} <= {"RET_QTY_EXCEEDS_RETURNABLE", "LOST_RACE"}
    assert verify(desk.engine) == []


def test_goods_are_registered_once_by_two_who_do_it_at_once(desk):
    customer, product, invoice = desk.sold_one()
    rma = desk.come_back(customer, invoice)["rma_number"]

    def register(place):
        command = {"rma": rma, "lines": [{"line": 1, "disposition": "RS"}]}
        try:
            desk.engine.perform("returns.register", command, actor=SYSTEM, key=f"once-{product}-{place}", legal_entity_id=desk.entity)
        except (Conflict, Refused):
            return 0
        return 1

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(register, range(4))) == 1
    assert desk.states(rma) == ("open", ["registered"])
    assert verify(desk.engine) == []
