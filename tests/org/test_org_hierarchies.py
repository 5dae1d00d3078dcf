"""Hierarchies of organisations: purposes, dated nodes, what stands below and above, and what is refused."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kassa.kernel.database import Write
from kassa.kernel.errors import Conflict, NotFound, Refused
from kassa.kernel.flush import write_alone
from kassa.kernel.invariants import verify
from kassa.kernel.permissions import Actor
from kassa.kernel.tables import columns_of, insert_statement
from kassa.kernel.values import new_id
from kassa.org import facts
from kassa.org.hierarchy import Hierarchy, Node, Placement, leads_to, overlapping
from kassa.org.models import PlacementRow


def codes(error):
    return [(issue.code, issue.pointer) for issue in error.value.issues]


@pytest.fixture
def regions(do):
    """North with S001 and S002, South with S003, both below NL, since 2026."""
    for number in ("S002", "S003"):
        do("org.create_store", number=number, name=f"Store {number}")
    made = do("org.create_hierarchy", code="REGIONS", name="Sales regions", purpose="reporting")

    def add(code, **more):
        do("org.add_node", hierarchy="REGIONS", code=code, valid_from="2026-01-01", **more)

    add("NL", legal_entity="NL01")
    add("NORTH", name="North", parent="NL")
    add("SOUTH", name="South", parent="NL")
    for store, region in (("S001", "NORTH"), ("S002", "NORTH"), ("S003", "SOUTH")):
        add(store, store=store, parent=region)
    return made


@pytest.fixture
def below(ask, do):
    """Gives the numbers of the stores below a node on a day."""

    def look(node, day):
        def find(context):
            hierarchy = facts.hierarchy(context, "REGIONS", "reporting")
            node_id = next(known.id for known in hierarchy.nodes.values() if known.code == node)
            return sorted(facts.store(context, store_id).number for store_id in facts.stores_below(context, hierarchy, node_id, day))

        return ask(find)

    return look


def test_stores_below_a_node_and_nodes_above_a_store(regions, below, ask):
    assert below("NORTH", "2026-03-02") == ["S001", "S002"]
    assert below("NL", "2026-03-02") == ["S001", "S002", "S003"]
    assert below("NL", "2025-12-31") == []

    def above(context):
        hierarchy = facts.hierarchy(context, "REGIONS")
        return [node.code for node in facts.nodes_above(context, hierarchy, facts.store(context, "S003").id, "2026-03-02")]

    assert ask(above) == ["S003", "SOUTH", "NL"]


def test_a_node_that_moves_takes_along_what_is_below_and_the_past_stays(do, regions, below):
    moved = do("org.place_node", hierarchy="REGIONS", node="SOUTH", parent="NORTH", valid_from="2026-07-01")
    assert [(place["valid_from"], place["valid_to"]) for place in moved["placements"]] == [
        ("2026-01-01", "2026-06-30"),
        ("2026-07-01", None),
    ]
    assert below("NORTH", "2026-06-30") == ["S001", "S002"]
    assert below("NORTH", "2026-07-01") == ["S001", "S002", "S003"]
    do("org.end_node", hierarchy="REGIONS", node="NORTH", valid_to="2026-08-31")
    assert below("NL", "2026-09-01") == [], "what stands below a node leaves with it"
    assert below("NL", "2026-08-31") == ["S001", "S002", "S003"]
    assert verify(do.engine) == []


def test_the_tree_is_shown_from_the_top_down(do, regions):
    shown = do("org.read_tree", hierarchy="REGIONS", date="2026-03-02")
    assert [node["code"] for node in shown["nodes"]] == ["NL", "NORTH", "S001", "S002", "SOUTH", "S003"]
    ids = {node["code"]: node["id"] for node in shown["nodes"]}
    assert {node["code"]: node["parent_id"] for node in shown["nodes"]}["S003"] == ids["SOUTH"]
    assert do("org.read_tree", hierarchy="REGIONS") == shown, "today, in the legal entity's zone"
    part = do("org.read_tree", hierarchy="REGIONS", node="SOUTH", date="2026-03-02")["nodes"]
    assert [(node["code"], node["kind"]) for node in part] == [("SOUTH", "group"), ("S003", "store")]


def test_an_organisation_stands_in_a_hierarchy_once_at_a_time(do, regions):
    again = {"hierarchy": "REGIONS", "code": "AGAIN", "store": "S001", "parent": "SOUTH"}
    with pytest.raises(Refused) as error:
        do("org.add_node", **again, valid_from="2026-05-01")
    assert codes(error) == [("ORG_NODE_UNFIT", "/valid_from")]
    do("org.end_node", hierarchy="REGIONS", node="S001", valid_to="2026-04-30")
    assert do("org.add_node", **again, valid_from="2026-05-01")["kind"] == "store"
    with pytest.raises(Refused):
        do("org.place_node", hierarchy="REGIONS", node="S001", parent="NORTH", valid_from="2026-06-01")
    assert verify(do.engine) == []


def test_what_does_not_fit_is_refused(do, regions):
    def refused(operation, **command):
        with pytest.raises(Refused) as error:
            do(operation, hierarchy="REGIONS", **command)
        return codes(error)

    assert refused("org.place_node", node="NL", parent="S001", valid_from="2026-07-01") == [("ORG_NODE_CIRCLE", "/parent")]
    assert refused("org.place_node", node="NL", parent="NL", valid_from="2026-07-01") == [("ORG_NODE_CIRCLE", "/parent")]
    assert refused("org.place_node", node="SOUTH", valid_from="2026-01-01") == [("ORG_NODE_UNFIT", "/valid_from")]
    assert refused("org.place_node", node="SOUTH", valid_from="2025-01-01") == [("ORG_NODE_UNFIT", "/valid_from")]
    assert refused("org.end_node", node="SOUTH", valid_to="2025-01-01") == [("ORG_NODE_UNFIT", "/valid_to")]
    days = {"valid_from": "2026-02-01", "valid_to": "2026-01-31"}
    assert refused("org.add_node", code="X", **days) == [("ORG_DATES_CROSS", "/valid_to")]
    both = {"legal_entity": "NL01", "store": "S001", "valid_from": "2026-01-01"}
    assert refused("org.add_node", code="X", **both) == [("ORG_NODE_UNFIT", "/store")]
    with pytest.raises(Conflict):
        do("org.add_node", hierarchy="REGIONS", code="NORTH", valid_from="2026-01-01")
    with pytest.raises(NotFound):
        do("org.add_node", hierarchy="REGIONS", code="X", parent="WEST", valid_from="2026-01-01")


def test_a_hierarchy_has_one_purpose_out_of_those_that_are_contributed(do, regions, ask):
    with pytest.raises(Refused) as error:
        do("org.create_hierarchy", code="X", name="X", purpose="astrology")
    assert codes(error) == [("ORG_PURPOSE_UNKNOWN", "/purpose")]
    assert [purpose["name"] for purpose in do("org.list_hierarchy_purposes")["items"]] == ["reporting", "retail_pricing"]
    with pytest.raises(Refused) as error:
        ask(lambda context: facts.hierarchy(context, "REGIONS", "retail_pricing"))
    assert codes(error) == [("ORG_HIERARCHY_PURPOSE", "/hierarchy")]
    assert [found.code for found in ask(lambda context: facts.hierarchies(context, "reporting"))] == ["REGIONS"]
    assert ask(lambda context: facts.hierarchies(context, "retail_pricing")) == ()


def test_what_holds_everywhere_is_arranged_by_who_may_act_everywhere(do):
    shared = do("org.create_hierarchy", code="WORLD", name="World", purpose="reporting", all_legal_entities=True)
    assert shared["legal_entity_id"] is None
    other = do("org.create_legal_entity", code="BE01", name="N.V.", currency="EUR", time_zone="Europe/Brussels")
    do.by(do.actor, other["id"])("org.create_store", number="B001", name="Gent")
    local = do.by(Actor(id="local", name="Lo", all_permissions=True, legal_entities=frozenset({other["id"]})), other["id"])
    for operation, command in (
        ("org.add_node", {"hierarchy": "WORLD", "code": "BE", "valid_from": "2026-01-01"}),
        ("org.create_hierarchy", {"code": "X", "name": "X", "purpose": "reporting", "all_legal_entities": True}),
    ):
        with pytest.raises(Refused) as error:
            local(operation, **command)
        assert codes(error)[0][0] == "ORG_BEYOND_OWN_RIGHTS"
    own = local("org.create_hierarchy", code="WORLD", name="Our world", purpose="reporting")
    assert local("org.read_hierarchy", hierarchy="WORLD")["id"] == own["id"], "one's own goes before that of all"
    assert local("org.add_node", hierarchy="WORLD", code="G", store="B001", valid_from="2026-01-01")["kind"] == "store"
    with pytest.raises(Refused) as error:
        do.by(do.actor, other["id"])("org.add_node", hierarchy=own["id"], code="N", legal_entity="NL01", valid_from="2026-01-01")
    assert codes(error) == [("ORG_NODE_UNFIT", "/legal_entity")]


def test_verify_names_hierarchies_that_are_no_trees(do, regions):
    tree = {node["code"]: node["id"] for node in do("org.read_tree", hierarchy="REGIONS", date="2026-03-02")["nodes"]}
    placed = {"id": new_id(), "hierarchy_id": regions["id"], "node_id": tree["NL"], "parent_id": tree["S001"], "valid_from": "2026-02-01"}
    row = [placed.get(column) for column in columns_of(PlacementRow)]
    write_alone(do.engine.database, [Write(insert_statement(PlacementRow), row)])
    assert {finding.invariant for finding in verify(do.engine)} == {"org.hierarchies_are_trees", "org.nodes_placed_once"}


DAYS = st.integers(0, 30).map(lambda day: (date(2026, 1, 1) + timedelta(days=day)).isoformat())
SPANS = st.tuples(DAYS, st.none() | DAYS).filter(lambda span: span[1] is None or span[0] <= span[1])
PLACED = st.lists(st.tuples(st.sampled_from("ABCDE"), st.none() | st.sampled_from("ABCDE"), SPANS), max_size=12)


def hierarchy_of(entries):
    """A hierarchy in which placements come one after the other, those left out that would break it."""
    nodes = {name: Node(id=name, kind="group", code=name, name=name) for name in "ABCDE"}
    kept = []
    for number, (node, parent, (first, last)) in enumerate(entries):
        placement = Placement(id=str(number), node_id=node, parent_id=parent, valid_from=first, valid_to=last)
        clash = any(known.node_id == node and known.meets(first, last) for known in kept)
        if not clash and (parent is None or not leads_to(kept, parent, node, first, last)):
            kept.append(placement)
    return Hierarchy(id="H", legal_entity_id=None, code="H", name="H", purpose="reporting", nodes=nodes, placements=kept)


@given(PLACED, DAYS)
def test_on_every_day_a_hierarchy_is_a_forest(entries, day):
    hierarchy = hierarchy_of(entries)
    assert list(overlapping(hierarchy.placements)) == []
    tree = hierarchy.on(day)
    for node_id in tree.parents:
        above = [node.id for node in tree.above(node_id)]
        assert len(above) == len(set(above)), "no node stands below itself"
        assert tree.parents[above[-1]] is None
        assert all(node_id in [node.id for node in tree.below(other)] for other in above)
    roots = [node_id for node_id, parent in tree.parents.items() if parent is None]
    assert sorted(node.id for root in roots for node in tree.below(root)) == sorted(tree.parents)
