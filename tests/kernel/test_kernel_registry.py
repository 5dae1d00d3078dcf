"""The registry: what was contributed, by whom, and what happens at each transition."""

from types import SimpleNamespace

import pytest

from kassa.kernel import contributions as give
from kassa.kernel.errors import StartupError
from kassa.kernel.plugins import hookimpl
from kassa.kernel.registry import build


@pytest.fixture
def registry(notebook):
    """The registry of the kernel and the notebook."""
    return build({"notebook": notebook})


def test_values_are_found_by_type_and_name(registry, notebook):
    kind = registry.get(give.DocumentKind, "notebook.note")
    assert kind.document is notebook.Note
    assert registry.find(give.DocumentKind, "notebook.page") is None
    assert registry.owner(give.DocumentKind, "notebook.note").name == "notebook"


def test_a_wrong_name_suggests_the_right_one(registry):
    with pytest.raises(KeyError, match=r"Did you mean 'notebook\.note'"):
        registry.get(give.DocumentKind, "notebook.nota")


def test_values_are_sorted_by_name(registry):
    names = [operation.name for operation in registry.all(give.Operation)]
    assert names == sorted(names)
    assert {"settings.change", "jobs.read", "notebook.write"} <= set(names)


def test_the_kernel_contributes_like_a_room(registry):
    assert registry.plugins["kernel"].room
    assert {"kernel_document", "kernel_setting", "kernel_job", "kernel_outbox"} <= set(registry.tables)
    assert registry.get(give.Role, "kernel.integrator").permissions
    assert registry.get(give.ErrorCode, "LOST_RACE").status == 409


def test_each_role_grants_declared_permissions(registry):
    declared = {permission.name for permission in registry.all(give.Permission)}
    for role in registry.all(give.Role):
        assert set(role.permissions) <= declared


@pytest.mark.parametrize(
    "role,permissions,words",
    [
        ("store_manager", ("notebook.fly",), "which nobody declares"),
        ("store_manager", ("settings.change",), r"gives store_manager the permission 'settings\.change' of 'kernel'"),
    ],
)
def test_a_plugin_adds_to_a_shipped_role_what_is_its_own(notebook, role, permissions, words):
    given = give.Role(name="more.role", role=role, summary="x", permissions=permissions)
    with pytest.raises(StartupError, match=words):
        build({"notebook": notebook, "more": SimpleNamespace(register_definitions=hookimpl(lambda: [given]))})


def test_a_role_of_a_plugins_own_holds_what_is_declared(notebook):
    own = give.Permission(name="more.see", summary="x")
    roles = [
        give.Role(name="more.auditor", role="auditor", summary="x", permissions=("settings.read", "notebook.write", "more.see")),
        give.Role(name="more.store_manager", role="store_manager", summary="x", permissions=("more.see",)),
    ]
    found = build({"notebook": notebook, "more": SimpleNamespace(register_definitions=hookimpl(lambda: [own, *roles]))})
    assert found.holders["more.see"] == ("auditor", "store_manager")
    assert "auditor" in found.holders["settings.read"]


def test_a_step_holds_the_rules_of_its_transition_in_the_order_of_stages(notebook):
    def rule(name, stage, order=100, transition="write"):
        return give.Rule(name=f"more.{name}", kind="notebook.note", transition=transition, stage=stage, run=print, summary="x", order=order)

    rules = [
        rule("z", "stock", 1),
        rule("a", "derived"),
        rule("b", "check"),
        rule("c", "lines"),
        rule("d", "entries", transition="tear"),
        rule("e", "tax", transition="*"),
    ]
    more = SimpleNamespace(register_rules=hookimpl(lambda: rules))
    step = build({"notebook": notebook, "more": more}).step("notebook.note", "write")
    assert [rule.name for rule, _ in step.shaping] == ["more.c", "more.e"]
    assert [rule.name for rule, _ in step.checks] == ["more.b", "notebook.check_text"]
    assert [(rule.name, owner) for rule, owner in step.computations] == [
        ("more.z", "more"),
        ("notebook.use_paper", "notebook"),
        ("more.a", "more"),
    ]


def test_tables_stand_after_those_that_they_name(engine):
    order = {table._meta.table_name: place for table, place in engine.table_order.items()}
    assert order["kernel_document"] < order["kernel_document_key"]
    assert order["kernel_document"] < order["notebook_note"]
    assert order["kernel_job"] < order["kernel_job_result"]
