"""What a plan relies on without changing it: rows that must still be so at the flush, and counters that are 0 together."""

from types import SimpleNamespace
from typing import Any

import attrs
import peewee
import pytest

import kassa.kernel.engine as engines
from kassa.kernel.contributions import Balance, Operation, Storage
from kassa.kernel.errors import Conflict
from kassa.kernel.operations import Result
from kassa.kernel.permissions import SYSTEM
from kassa.kernel.plan import Claim, Require, Row
from kassa.kernel.plugins import hookimpl
from kassa.kernel.tables import Date, Flag, Id, Integer, Table, Text
from kassa.kernel.values import new_id


class GateRow(Table):
    """A gate that is open or not."""

    id = Id(primary_key=True)
    name = Text()
    open = Flag()
    since = Date()
    version = Integer()

    class Meta:
        table_name = "probe_gate"


class PassageRow(Table):
    """Somebody who went through."""

    id = Id(primary_key=True)
    who = Text()

    class Meta:
        table_name = "probe_passage"


class HeapRow(Table):
    """How much lies on a heap and what it is worth."""

    name = Text(primary_key=True)
    quantity = Integer()
    worth = Integer()

    class Meta:
        table_name = "probe_heap"
        constraints = [peewee.Check("quantity <> 0 OR worth = 0")]


@attrs.frozen(kw_only=True)
class Pass:
    """Goes through gates that must be open since a day."""

    gates: tuple[str, ...]
    since: str = "2026-01-01"


@attrs.frozen(kw_only=True)
class Heap:
    """Puts something on a heap; negative amounts take it away."""

    quantity: int
    worth: int


@attrs.frozen(kw_only=True)
class Done:
    """Says that it was done."""

    done: bool = True


def _pass(command: Pass, context: Any) -> Result:
    required = [Require(GateRow, {"id": gate}, {"open": True, "since": command.since}) for gate in command.gates]
    context.plan.add([*required, *required, Row(PassageRow, {"id": new_id(), "who": "somebody"})], rule="probe.pass")
    return Result(view=lambda numbers: Done())


def _heap(command: Heap, context: Any) -> Result:
    context.plan.add([Claim("probe.heap", ("sand",), {"quantity": command.quantity, "worth": command.worth})], rule="probe.heap")
    return Result(view=lambda numbers: Done())


@hookimpl
def register_storage():
    heap = Balance(
        name="probe.heap", table=HeapRow, key=("name",), amounts=("quantity", "worth"), rank=900, summary="A heap", zero_with={"worth": "quantity"}
    )
    return [Storage(name="probe", tables=(GateRow, PassageRow, HeapRow)), heap]


@hookimpl
def register_operations():
    return [
        Operation(name="probe.pass", summary="Pass", effect="edit", request=Pass, response=Done, permission=None, handler=_pass, scope="none"),
        Operation(name="probe.heap", summary="Heap", effect="edit", request=Heap, response=Done, permission=None, handler=_heap, scope="none"),
    ]


PROBE = {"probe": SimpleNamespace(register_storage=register_storage, register_operations=register_operations, __doc__="A probe.")}


@pytest.fixture
def probe(make_engine):
    return make_engine(modules=PROBE)


def _change(engine, table, *effects: Row) -> None:
    """Write rows past any rule, as another process might."""
    from kassa.kernel.changes import Changes, _rows
    from kassa.kernel.flush import Answer, flush
    from kassa.kernel.plan import Stamped

    changes = Changes(engine.registry, 0, "test")
    _rows([Stamped(effect, "test", None, None) for effect in effects], changes)
    flush(engine.database, changes, engine.table_order, None, None, Answer("", 200))


def _gate(engine, *, is_open: bool = True) -> str:
    gate = new_id()
    _change(engine, GateRow, Row(GateRow, {"id": gate, "name": "gate", "open": is_open, "since": "2026-01-01", "version": 1}))
    return gate


def _passages(engine) -> int:
    with engine.database.snapshot() as read:
        return int(read.value("SELECT count(*) FROM probe_passage"))


def test_a_row_that_is_as_required_lets_the_plan_pass(probe):
    gates = (_gate(probe), _gate(probe))
    probe.perform("probe.pass", Pass(gates=gates), actor=SYSTEM)
    assert _passages(probe) == 1


@pytest.mark.parametrize("is_open,since", [(False, "2026-01-01"), (True, "2026-01-02")])
def test_a_row_that_is_not_as_required_stops_the_plan(probe, is_open: bool, since: str):
    gates = (_gate(probe), _gate(probe, is_open=is_open))
    with pytest.raises(Conflict) as lost:
        probe.perform("probe.pass", Pass(gates=gates, since=since), actor=SYSTEM)
    assert lost.value.code == "LOST_RACE"
    assert _passages(probe) == 0


def test_a_row_that_is_not_there_stops_the_plan(probe):
    with pytest.raises(Conflict):
        probe.perform("probe.pass", Pass(gates=(new_id(),)), actor=SYSTEM)
    assert _passages(probe) == 0


def test_what_changes_between_plan_and_flush_is_noticed(probe, monkeypatch: pytest.MonkeyPatch):
    gate, flush, attempts = _gate(probe), engines.flush, []

    def late(*arguments, **more):
        attempts.append(1)
        if len(attempts) == 1:
            _change(probe, GateRow, Row(GateRow, {"open": False}, key={"id": gate}, version=1))
        if len(attempts) == 3:
            _change(probe, GateRow, Row(GateRow, {"open": True}, key={"id": gate}, version=2))
        return flush(*arguments, **more)

    monkeypatch.setattr(engines, "flush", late)
    probe.perform("probe.pass", Pass(gates=(gate,)), actor=SYSTEM)
    assert (len(attempts), _passages(probe)) == (3, 1), "planned again until the gate was open"


def _lies(engine) -> tuple[int, int]:
    with engine.database.snapshot() as read:
        row = read.row("SELECT quantity, worth FROM probe_heap")
    return (0, 0) if row is None else (row[0], row[1])


def test_counters_that_are_zero_together(probe):
    def heap(quantity: int, worth: int) -> None:
        probe.perform("probe.heap", Heap(quantity=quantity, worth=worth), actor=SYSTEM)

    with pytest.raises(Conflict):
        heap(0, 5)
    assert _lies(probe) == (0, 0), "nothing is opened that would be worth something without being there"
    heap(2, 9)
    heap(-1, -4)
    with pytest.raises(Conflict):
        heap(-1, -4)
    assert _lies(probe) == (1, 5)
    heap(0, -1)
    heap(-1, -4)
    assert _lies(probe) == (0, 0)
    with pytest.raises(Conflict):
        heap(0, 1)
    heap(3, 0)
    heap(-5, -7)
    assert _lies(probe) == (-2, -7)
