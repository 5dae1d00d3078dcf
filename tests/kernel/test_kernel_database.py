"""Databases: one kind of statement for both, snapshots that stand still, readers that cannot write, writers that keep count."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from kassa.kernel.database import Connections, DuplicateKey, LostRace, ReadOnlyViolation, Retryable, Write, again, connect
from kassa.kernel.errors import StartupError, Unavailable
from kassa.kernel.flush import write_alone


def test_values_come_back_alike(engine, anna):
    note = engine.perform("notebook.write", {"text": "Grüße ✓", "urgent": True, "date": "2024-02-29"}, actor=anna, key="k1").body["id"]
    with engine.database.snapshot() as read:
        row = read.row(
            "SELECT d.id, d.business_date, d.occurred_at, n.text, n.urgent FROM kernel_document d JOIN notebook_note n ON n.document_id = d.id"
        )
    assert row[:2] == (note, "2024-02-29")
    assert type(row[2]) is int
    assert row[3:] == ("Grüße ✓", True)


def test_a_list_of_keys_may_have_any_length(engine):
    rows = [(f"book{number:05d}", number, 0) for number in range(1, 1201)]
    write_alone(engine.database, [Write("INSERT INTO notebook_paper (book, sheets_free, sheets_used) VALUES (?, ?, ?)", rows, many=True)])
    sql = "SELECT book, sheets_free FROM notebook_paper WHERE sheets_used = ? AND book IN {keys}"
    with engine.database.snapshot() as read:
        for count in (0, 1, 2, 3, 512, 513, 1200):
            found = read.rows_for(sql, [row[0] for row in rows[:count]], (0,))
            assert sorted(found) == [(row[0], row[1]) for row in rows[:count]]


def test_a_snapshot_stands_still(engine):
    with engine.database.snapshot() as read:
        before = read.rows("SELECT * FROM notebook_paper")
        other = threading.Thread(target=lambda: write_alone(engine.database, [Write("UPDATE notebook_paper SET sheets_free = 1", ())]))
        other.start()
        other.join()
        assert read.rows("SELECT * FROM notebook_paper") == before
    with engine.database.snapshot() as read:
        assert read.value("SELECT sheets_free FROM notebook_paper") == 1


def test_a_snapshot_within_a_snapshot_is_the_same(engine):
    with engine.database.snapshot() as outer, engine.database.snapshot() as inner:
        assert inner is outer
    with engine.database.snapshot() as later:
        assert later.value("SELECT count(*) FROM notebook_paper") == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE notebook_paper SET sheets_free = 0",
        "DELETE FROM notebook_paper",
        "INSERT INTO notebook_paper VALUES ('x', 1, 1)",
        "DROP TABLE notebook_paper",
        "COMMIT",
        "ROLLBACK",
        "BEGIN",
        "SAVEPOINT s",
        "SELECT 1; DELETE FROM notebook_paper",
        "PRAGMA query_only = OFF",
        "SET transaction_read_only = off",
        "",
    ],
)
def test_a_reader_refuses_all_but_queries(engine, statement, snapshot_of):
    before = snapshot_of(engine)
    with engine.database.snapshot() as read, pytest.raises(ReadOnlyViolation):
        read.rows(statement)
    assert snapshot_of(engine) == before


def test_a_query_that_writes_is_refused_by_the_database_itself(engine, snapshot_of):
    before = snapshot_of(engine)
    sql = "WITH gone AS (DELETE FROM notebook_paper RETURNING book) SELECT book FROM gone"
    with pytest.raises(Exception, match=r"read-only|readonly|syntax"), engine.database.snapshot() as read:
        read.rows(sql)
    assert snapshot_of(engine) == before


def test_a_broken_query_spoils_only_its_snapshot(engine):
    with pytest.raises(Exception, match="nothing_like_it"), engine.database.snapshot() as read:
        read.rows("SELECT * FROM nothing_like_it")
    with engine.database.snapshot() as read:
        assert read.value("SELECT sheets_free FROM notebook_paper") == 100


def test_nobody_gets_a_write_transaction_while_planning(engine):
    with engine.database.snapshot():
        with pytest.raises(ReadOnlyViolation), engine.database.writer():
            pytest.fail("a writer was given")
        with pytest.raises(ReadOnlyViolation):
            engine.database.orm.tables()


def test_a_write_that_hits_too_few_rows_is_undone_with_all_before_it(engine):
    writes = [
        Write("UPDATE notebook_paper SET sheets_free = 5", (), expect=1),
        Write("UPDATE notebook_paper SET sheets_free = 7 WHERE book = ?", ("green",), expect=1),
    ]
    with pytest.raises(LostRace) as caught:
        write_alone(engine.database, writes)
    assert caught.value.write is writes[1]
    with engine.database.snapshot() as read:
        assert read.value("SELECT sheets_free FROM notebook_paper") == 100


def test_a_duplicate_key_is_told(engine):
    row = Write("INSERT INTO notebook_paper (book, sheets_free, sheets_used) VALUES (?, ?, ?)", ("red", 1, 1))
    with pytest.raises(DuplicateKey) as caught:
        write_alone(engine.database, [row])
    assert (caught.value.table, caught.value.columns) == ("notebook_paper", ("book",))
    assert not engine.lost_race(caught.value)


def test_a_duplicate_of_what_kassa_counts_is_a_lost_race(engine):
    assert engine.lost_race(DuplicateKey("", "kernel_job", ("id",)))
    assert not engine.lost_race(DuplicateKey("", "kernel_document_key", ("legal_entity_id", "value", "name", "kind")))
    assert not engine.lost_race(DuplicateKey("what a driver says of an index", "kernel_job", ()))
    assert not engine.lost_race(DuplicateKey("", "of_nobody", ("id",)))


def test_statements_may_return_rows(engine):
    sql = "UPDATE notebook_paper SET sheets_free = sheets_free + ? WHERE book = ? RETURNING sheets_free"
    assert write_alone(engine.database, [Write(sql, (5, "red"), returning=True, expect=1)]) == [[(105,)]]


def test_the_last_line_of_defence_is_the_database(engine):
    with pytest.raises(Exception, match=r"(?i)check"):
        write_alone(engine.database, [Write("UPDATE notebook_paper SET sheets_free = ?", (-1,))])


@pytest.mark.parametrize("options, sqlite, postgresql", [({}, 2, "on"), ({"durable": False}, 0, "off")], ids=["by itself", "for tests"])
def test_a_commit_waits_for_the_disk_unless_told_otherwise(engine, options, sqlite, postgresql):
    database = connect(engine.database.url, **options)
    with database.writer() as writer:
        connection, sql = (writer.connection.raw, "PRAGMA synchronous") if database.dialect == "sqlite" else (writer.connection, "SHOW synchronous_commit")
        assert connection.execute(sql).fetchone()[0] == (sqlite if database.dialect == "sqlite" else postgresql)
    database.close()


def test_many_threads_write_in_turn(engine):
    def add():
        for _ in range(5):
            write_alone(engine.database, [Write("UPDATE notebook_paper SET sheets_used = sheets_used + 1", (), expect=1)])

    threads = [threading.Thread(target=add) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with engine.database.snapshot() as read:
        assert read.value("SELECT sheets_used FROM notebook_paper") == 30


@pytest.mark.parametrize("url", ["mysql://root@127.0.0.1/shop", "kassa.db", ""])
def test_other_databases_are_refused_with_advice(url):
    with pytest.raises(StartupError, match="KASSA_DATABASE"):
        connect(url)


def test_a_missing_folder_is_told(tmp_path):
    with pytest.raises(StartupError, match="does not exist"):
        connect(f"sqlite:///{tmp_path}/nowhere/kassa.db")


def test_many_threads_share_a_few_connections(engine):
    opened, limit = [], 4
    database = connect(engine.database.url)
    make = database.open_reader
    database.readers = Connections(lambda: opened.append(make()) or opened[-1], limit)
    barrier = threading.Barrier(32)

    def look(number):
        barrier.wait(timeout=30)
        with database.snapshot() as read:
            return number, read.value("SELECT sheets_free FROM notebook_paper")

    with ThreadPoolExecutor(32) as pool:
        seen = list(pool.map(look, range(32)))
    assert [number for number, _ in seen] == list(range(32))
    assert len({sheets for _, sheets in seen}) == 1
    assert len(opened) <= limit
    database.close()


@pytest.mark.rule("REL-26")
def test_what_the_database_gives_up_is_read_again_a_few_times():
    given_up = []

    def read(times):
        if len(given_up) < times:
            given_up.append("")
            raise Retryable("gone")
        return "read"

    assert (again(lambda: read(2)), len(given_up)) == ("read", 2)
    with pytest.raises(Unavailable):
        again(lambda: read(9))
    assert len(given_up) == 2 + 3


def test_a_broken_connection_takes_the_idle_ones_with_it(engine):
    database = connect(engine.database.url)
    held = [database.readers.take() for _ in range(3)]
    for one in held[:2]:
        database.readers.give_back(one)
    database.readers.give_back(held[2], broken=True)
    assert [one.closed for one in held] == [True, True, True]
    with database.snapshot() as read:
        assert read.value("SELECT 1") == 1
    database.close()
