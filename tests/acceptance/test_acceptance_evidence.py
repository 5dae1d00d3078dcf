"""Evidence of sales: whatever is changed, removed, put in, swapped or cut is found and named; the story of a document proves itself."""

import json
import sqlite3
from copy import deepcopy

import psycopg
import pytest

from kassa.kernel.database import DuplicateKey, Write
from kassa.kernel.errors import NotFound, UnreadableInput
from kassa.kernel.evidence import anchors, checking
from kassa.kernel.evidence.chains import broken_chains, evidence_columns, evidence_tables
from kassa.kernel.evidence.story import checksum_of
from kassa.kernel.flush import write_alone
from kassa.kernel.invariants import Examined, verify
from kassa.kernel.permissions import Actor
from kassa.kernel.tables import Date, Flag, Id, Integer, Text, name_of, option
from kassa.kernel.values import new_id
from kassa.testing.builders import build_shop, furnish, line


@pytest.fixture
def shop(make_engine):
    """A shop of the core alone, with goods and customers."""
    return furnish(build_shop(make_engine(modules={})))


@pytest.fixture
def story_of(shop):
    """Gives the story of a document as the file holds it."""

    def read(document):
        return json.loads(json.dumps(shop.perform("evidence.story", {"document": document})))

    return read


@pytest.fixture
def tampered(shop):
    """Runs statements past every trigger and foreign key, as the owner of the disk can."""
    database = shop.engine.database

    def run(*writes):
        if database.dialect == "sqlite":
            with database.snapshot() as read:
                names = [name for (name,) in read.rows("SELECT name FROM sqlite_master WHERE type = 'trigger'")]
            write_alone(database, [Write(f"DROP TRIGGER {name}", ()) for name in names])
            with database.writer() as writer:
                writer.connection.raw.execute("PRAGMA foreign_keys = OFF")
            write_alone(database, writes)
        else:
            write_alone(database, [Write("SET LOCAL session_replication_role = replica", ()), *writes])

    return run


@pytest.fixture
def broken(shop):
    """What is wrong with the chains."""

    def find():
        with shop.engine.database.snapshot() as read:
            examined = Examined(connection=read.connection, dialect=read.dialect, registry=shop.engine.registry)
            return list(broken_chains(examined))

    return find


def day(shop):
    """An order delivered and invoiced in two parts, paid, and partly taken back; and a sale that has nothing to do with it."""
    order = shop.order(line("LAMP", "3"), line("VASE", "1"), customer="C0001")["number"]
    invoices = []
    for quantities in ({1: "1"}, {1: "2", 2: "1"}):
        shop.deliver(order, quantities)
        invoices.append(shop.invoice(order)[0]["number"])
    shop.pay("C0001", "50.00")
    back = shop.order({**line("LAMP", "-1"), "source": {"invoice": invoices[0], "line": 1}}, customer="C0001")["number"]
    shop.deliver(back)
    note = shop.invoice(back)[0]["number"]
    other = shop.sell(line("LAMP", "1"), payments={"cash": "100.00"})
    return order, invoices, back, note, other


def kinds(story):
    return sorted(document["kind"] for document in story["documents"])


@pytest.mark.rule("SEC-09")
def test_the_story_holds_all_that_belongs_together_and_nothing_else(shop, story_of):
    order, invoices, back, note, other = day(shop)
    story = story_of(order)
    numbers = {document["number"] for document in story["documents"]}
    assert {order, *invoices, back, note} <= numbers
    assert other["number"] not in numbers
    assert kinds(story).count("packing_slip") == 3
    for document in (invoices[1], back, note):
        assert {found["number"] for found in story_of(document)["documents"]} == numbers
    assert checking.check(story) == []
    with shop.engine.database.snapshot() as read:
        assert checking.compare(read, story) == []
    tables = {part["table"] for document in story["documents"] for part in document["tables"]}
    assert {"ledger_entry", "ledger_open_item", "stock_transaction", "sales_order_line", "sales_invoice_line", "kernel_document"} <= tables
    assert [event["type"] for event in story["events"]].count("sales.invoice_posted") == 3
    told = [line["what"] for line in story["timeline"]]
    assert told.index("sales.create_order") < told.index("sales.order_created") < told.index("sales.post_packing_slip") < told.index("sales.post_invoices")
    assert {row["actor"] for row in story["audit"]} == {"system"}
    chained = [document for document in story["documents"] if document["chained"]]
    assert {document["kind"] for document in chained} >= {"invoice", "packing_slip"}


def test_what_one_payment_settles_is_told_but_not_followed_any_further(shop, story_of):
    orders = [shop.order(line("LAMP", "1"), customer="C0001")["number"] for _ in range(2)]
    for order in orders:
        shop.deliver(order)
        shop.invoice(order)
    shop.pay("C0001", "200.00")
    story = story_of(orders[0])
    assert orders[1] not in {document["number"] for document in story["documents"]}
    assert checking.check(story) == []


@pytest.mark.rule("SEC-09")
def test_whatever_is_changed_in_the_file_is_found(shop, story_of):
    order, *_ = day(shop)
    story = story_of(order)
    place = story["documents"][0]["tables"][0]["rows"][0]
    place[-1] = "forged"
    assert checking.check(story)[0].startswith("the file: something in it was changed")
    story = story_of(order)
    missed = []
    for number, document in enumerate(story["documents"]):
        for at, part in enumerate(document["tables"]):
            for column in part.get("evidence", ()) if document["chained"] else ():
                forged = deepcopy(story)
                row = forged["documents"][number]["tables"][at]["rows"][0]
                row[part["columns"].index(column)] = "forged"
                forged["checksum"] = checksum_of(forged)
                found = checking.check(forged)
                if found != [f"{document['kind']} {document['number']}: its rows are not those that were chained"]:
                    missed.append((part["table"], column, found))
    assert missed == []


def test_links_that_do_not_follow_are_found_in_the_file(shop, story_of):
    order, *_ = day(shop)

    def forged(change):
        story = story_of(order)
        change(story)
        story["checksum"] = checksum_of(story)
        return checking.check(story)

    assert "does not follow from the link before it" in forged(lambda story: story["chain"][0].update(hash="f" * 64))[0]
    assert "does not follow from the link before it" in forged(lambda story: story["chain"][0].update(documents="[]"))[0]
    assert any("no link holds it" in found for found in forged(lambda story: story.update(chain=story["chain"][1:])))
    assert any("its link names it" in found for found in forged(lambda story: chained(story).update(number="INV-9")))
    assert any("says that it is not chained" in found for found in forged(lambda story: chained(story).update(chained=None)))
    with pytest.raises(UnreadableInput):
        checking.read_file('{"format": "something else"}')
    with pytest.raises(UnreadableInput):
        checking.check({"format": "kassa.evidence/1", "checksum": "", "chain": [{}], "documents": []})


def chained(story):
    return next(document for document in story["documents"] if document["chained"])


def test_a_document_is_found_by_any_key_within_ones_legal_entity(shop, story_of):
    number = shop.order(line("LAMP", "1"))["number"]
    story = story_of(number)
    assert story_of(story["document"])["document"] == story["document"]
    for unknown in ("SO-NOWHERE-1", new_id()):
        with pytest.raises(NotFound):
            story_of(unknown)
    entity = new_id()
    stranger = Actor(id="x", name="X", permissions=frozenset({"evidence.read"}), legal_entities=frozenset({entity}))
    with pytest.raises(NotFound):
        shop.engine.perform("evidence.story", {"document": number}, actor=stranger, legal_entity_id=entity)


def forged_value(field, value):
    """Another value of the same type."""
    if isinstance(field, Flag):
        return not value
    if isinstance(field, Integer):
        return (value or 0) + 1
    if isinstance(field, Id):
        return new_id()
    if isinstance(field, Date):
        return "1999-12-31"
    assert isinstance(field, Text)
    return f"{value or ''}x"


@pytest.mark.rule("SEC-09")
def test_every_field_of_every_finished_document_is_guarded(shop, tampered, broken):
    day(shop)
    assert broken() == []
    missed, tried = [], 0
    with shop.engine.database.snapshot() as read:
        ids = [document[0] for (text,) in read.rows("SELECT documents FROM kernel_chain_link") for document in json.loads(text)]
    for table, owner in evidence_tables(shop.engine.registry):
        fields = {field.column_name: field for field in table._meta.sorted_fields}
        columns = evidence_columns(table)
        with shop.engine.database.snapshot() as read:
            rows = read.rows_for(f"SELECT {', '.join(columns)} FROM {name_of(table)} WHERE {owner} IN {{keys}}", ids)
        if not rows:
            continue
        row = dict(zip(columns, rows[0], strict=True))
        where = " AND ".join(f"{column} IS NOT DISTINCT FROM ?" for column in columns)
        for column in columns:
            forged = row | {column: forged_value(fields[column], row[column])}
            update = f"UPDATE {name_of(table)} SET {column} = ? WHERE {where}"
            try:
                tampered(Write(update, (forged[column], *row.values()), expect=1))
            except (DuplicateKey, sqlite3.IntegrityError, psycopg.IntegrityError):
                continue  # a constraint of the database, which even the owner of the disk meets
            tried += 1
            if not any(row[owner] in found or (column == owner and found) for found in broken()):
                missed.append((name_of(table), column))
            tampered(Write(update, (row[column], *forged.values()), expect=1))
    assert (missed, broken()) == ([], [])
    assert tried > 60


@pytest.mark.rule("SEC-09")
def test_swapped_inserted_removed_and_cut_documents_are_named(shop, tampered, broken):
    day(shop)
    with shop.engine.database.snapshot() as read:
        register = read.value("SELECT register FROM kernel_chain_link GROUP BY register ORDER BY count(*) DESC")
        links = read.rows("SELECT sequence, hash, documents FROM kernel_chain_link WHERE register = ? ORDER BY sequence", (register,))
        invoices = read.rows("SELECT document_id FROM sales_invoice ORDER BY document_id LIMIT 2")
    (one,), (other,) = invoices
    swap = "UPDATE sales_invoice_line SET document_id = ? WHERE document_id = ?"
    nobody = new_id()
    tampered(Write(swap, (nobody, one)), Write(swap, (one, other)), Write(swap, (other, nobody)))
    assert any(one in found for found in broken())
    tampered(Write(swap, (nobody, other)), Write(swap, (other, one)), Write(swap, (one, nobody)))
    assert broken() == []
    link = "UPDATE kernel_chain_link SET hash = ?, documents = ? WHERE register = ? AND sequence = ?"
    (first, first_hash, first_documents), (second, second_hash, second_documents) = links[1:3]
    tampered(Write(link, (second_hash, second_documents, register, first)), Write(link, (first_hash, first_documents, register, second)))
    assert f"link {first} does not follow" in broken()[0]
    tampered(Write(link, (first_hash, first_documents, register, first)), Write(link, (second_hash, second_documents, register, second)))
    assert broken() == []


@pytest.mark.rule("SEC-09")
def test_a_tail_that_was_cut_off_is_found_by_an_anchor(shop, tampered, broken):
    for _ in range(2):
        shop.sell(line("LAMP", "1"), payments={"cash": "100.00"})
    anchor = anchors.read_file(json.dumps(shop.perform("evidence.anchor", {})))
    with shop.engine.database.snapshot() as read:
        assert list(anchors.broken_anchor(read, anchor)) == []
        head = anchor["heads"][0]
        text = read.value("SELECT documents FROM kernel_chain_link WHERE register = ? AND sequence = ?", (head["register"], head["sequence"]))
        earlier = read.value("SELECT hash FROM kernel_chain_link WHERE register = ? AND sequence = ?", (head["register"], head["sequence"] - 1))
    removed = [document[0] for document in json.loads(text)]
    tables = [(name_of(table), owner) for table, owner in evidence_tables(shop.engine.registry)]
    tables.append(("kernel_document_key", "document_id"))
    cut = [Write(f"DELETE FROM {name} WHERE {owner} = ?", (document,)) for document in removed for name, owner in tables]
    cut.append(Write("DELETE FROM kernel_chain_link WHERE register = ? AND sequence = ?", (head["register"], head["sequence"])))
    cut.append(Write("UPDATE kernel_chain_head SET sequence = sequence - 1, hash = ? WHERE register = ?", (earlier, head["register"])))
    tampered(*cut)
    assert broken() == [], "the chain alone does not tell"
    with shop.engine.database.snapshot() as read:
        (found,) = anchors.broken_anchor(read, anchor)
    where = f"register {head['register']} of legal entity {shop.legal_entity_id}"
    assert found == f"{where}: link {head['sequence']}, which the anchor names, is missing; the chain was cut"
    assert any(finding.invariant == "kernel.numbers_gapless" for finding in verify(shop.engine)), "the numbers tell too"
    with pytest.raises(UnreadableInput):
        anchors.read_file(json.dumps({**anchor, "checksum": "0" * 64}))


def test_tables_of_evidence_are_append_only(shop):
    for table, _ in evidence_tables(shop.engine.registry):
        assert option(table, "append_only"), name_of(table)
