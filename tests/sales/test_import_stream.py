"""Chunks, cursors and the rejects file: an import that is stopped anywhere goes on as if it had not been."""

import gzip
import random

import pytest

from kassa.kernel.errors import Conflict, InvalidInput
from kassa.sales.importing.mapping_file import parse_mapping
from kassa.sales.importing.parts import PartRegister
from kassa.sales.importing.rejects import RejectsFile
from kassa.sales.importing.stream import HEADER_LINE, SalesFile
from kassa.sales.importing.summary import Summary

MAPPING = parse_mapping("""
format = 1
source = "shop"
legal_entity = "E"
store = "S"
currency = "GBP"
tax_code = "T"
[columns]
document_number = "Invoice"
product_code = "Code"
quantity = "Quantity"
occurred_at = { column = "Moment", format = "%Y-%m-%d", timezone = "Europe/London" }
unit_price = "Price"
[documents]
cancellation_prefix = "C"
[price_zero]
alone = "stock_correction"
""")
HEADER = "Invoice,Code,Quantity,Moment,Price"


def made_up_rows(count: int, seed: int = 7) -> list[str]:
    """Rows of documents of every class, some rejected, some interrupted by another document."""
    chance = random.Random(seed)
    rows: list[str] = []
    number = 1000
    while len(rows) < count:
        number += chance.choice((0, 1, 1, 1))
        kind = chance.randrange(10)
        for _ in range(chance.randint(1, 5)):
            quantity, price, prefix = str(chance.randint(1, 9)), f"{chance.randint(1, 999)}.{chance.randint(0, 9999)}", ""
            if kind == 0:
                quantity, prefix = f"-{quantity}", "C"
            if kind == 1 and chance.random() < 0.5:
                quantity = "many"
            if kind == 2:
                price = "0"
            rows.append(f"{prefix}{number},P{chance.randint(1, 50)},{quantity},2011-0{1 + len(rows) * 8 // count}-01,{price}")
    return rows


@pytest.fixture
def source(tmp_path):
    """A file of 600 rows, gzipped."""
    path = tmp_path / "lines.csv.gz"
    path.write_bytes(gzip.compress("\n".join((HEADER, *made_up_rows(600), "")).encode()))
    return path


def read(path, lines: int, after_line: int = HEADER_LINE):
    """All chunks of a file after a cursor."""
    with SalesFile(path, MAPPING) as file:
        return list(file.chunks(lines=lines, after_line=after_line))


def test_chunks_hold_whole_documents_and_every_row_once(source):
    chunks = read(source, 50)
    assert len(chunks) > 5
    lines = [
        value.line if hasattr(value, "line") else row.line_number
        for chunk in chunks
        for value in chunk.values
        for row in getattr(value, "lines", (0,))
    ]
    assert lines == list(range(2, 2 + len(lines)))
    assert sum(chunk.rows for chunk in chunks) == len(lines) >= 600
    assert all(chunk.rows >= 50 for chunk in chunks[:-1])
    assert [chunk.last_line for chunk in chunks] == sorted({chunk.last_line for chunk in chunks})


def test_natural_keys_are_unique_and_the_same_for_any_size_of_chunk(source):
    def keys(size: int) -> list[str]:
        return [value.natural_key for chunk in read(source, size) for value in chunk.values if hasattr(value, "natural_key")]

    assert len(set(keys(50))) == len(keys(50)) > 100
    assert any(key.count(":") == 2 for key in keys(50))
    assert keys(1) == keys(50) == keys(10**6)


def test_an_import_goes_on_from_any_cursor(source):
    whole = [value for chunk in read(source, 1) for value in chunk.values]
    done: list = []
    for chunk in read(source, 40):
        done += chunk.values
        rest = [value for later in read(source, 70, after_line=chunk.last_line) for value in later.values]
        assert done + rest == whole


def test_a_finished_import_has_nothing_left(source):
    assert read(source, 40, after_line=read(source, 40)[-1].last_line) == []


def test_a_cursor_within_a_document_is_refused(tmp_path):
    path = tmp_path / "lines.csv"
    path.write_text(f"{HEADER}\n1,P,1,2011-01-01,1\n1,P,1,2011-01-01,1\n", encoding="utf-8")
    with pytest.raises(Conflict, match='within document "1"') as refused:
        read(path, 1, after_line=2)
    assert refused.value.code == "IMPORT_CURSOR_MISPLACED"


def test_missing_columns_are_refused_before_the_first_row(tmp_path):
    path = tmp_path / "lines.csv"
    path.write_text("InvoiceNo,Code,Quantity,Moment,Price\n", encoding="utf-8")
    with pytest.raises(InvalidInput, match='"InvoiceNo"'), SalesFile(path, MAPPING):
        pytest.fail("opened")


def test_a_file_without_rows_has_no_chunks(tmp_path):
    path = tmp_path / "lines.csv"
    path.write_text(HEADER, encoding="utf-8")
    assert read(path, 1) == []


def run_import(path, rejects_path, *, stop_after: int | None = None, cursor: int = HEADER_LINE, summary: Summary | None = None):
    """Import chunk by chunk, keeping the cursor as a job would; a stop is a kill between writing and keeping the cursor."""
    summary = summary or Summary(exponent=2)
    with SalesFile(path, MAPPING) as file, RejectsFile(rejects_path, file.header, MAPPING.file).resume(cursor) as rejects:
        for index, chunk in enumerate(file.chunks(lines=30, after_line=cursor)):
            rejects.write(value for value in chunk.values if hasattr(value, "raw"))
            rejects.checkpoint()
            if index == stop_after:
                return cursor, summary
            cursor, summary = chunk.last_line, summary.plus(chunk.values)
    return cursor, summary


def test_stopped_and_resumed_gives_the_same_rejects_and_sums_as_one_run(source, tmp_path):
    clean, killed = tmp_path / "clean.csv", tmp_path / "killed.csv"
    end = run_import(source, clean)
    cursor, summary = HEADER_LINE, None
    for stop in (0, 3, 1, 5, 2):
        cursor, summary = run_import(source, killed, stop_after=stop, cursor=cursor, summary=summary)
        with killed.open("a", encoding="utf-8") as file:
            file.write("12,1,IMPORT_QUAN")  # the row that was being written when the process was killed
        summary = Summary.from_mapping(summary.as_mapping())
    assert run_import(source, killed, cursor=cursor, summary=summary) == end
    assert killed.read_bytes() == clean.read_bytes()
    assert end[1].reasons["IMPORT_QUANTITY_NOT_A_NUMBER"] > 3


def test_a_new_import_begins_the_rejects_file_anew(source, tmp_path):
    path = tmp_path / "rejects.csv"
    path.write_text("something else\n", encoding="utf-8")
    run_import(source, path)
    assert path.read_text(encoding="utf-8").splitlines()[0] == (
        "rejected_line,rejected_part,rejected_code,rejected_reason,what_to_do,Invoice,Code,Quantity,Moment,Price"
    )
    assert [entry.name for entry in tmp_path.iterdir() if "unfinished" in entry.name] == []


def test_a_repaired_rejects_file_is_imported_with_the_same_mapping_and_keys(source, tmp_path):
    first, second = tmp_path / "rejects.csv", tmp_path / "again.csv"
    _, summary = run_import(source, first)
    repaired = tmp_path / "repaired.csv"
    repaired.write_text(first.read_text(encoding="utf-8").replace(",many,", ",3,"), encoding="utf-8")
    values = [value for chunk in read(repaired, 30) for value in chunk.values]
    assert all(hasattr(value, "natural_key") for value in values)
    assert sum(len(value.lines) for value in values) == sum(summary.reasons.values())
    meant = {value.natural_key: value for chunk in read(source, 30) for value in chunk.values if hasattr(value, "natural_key")}
    assert not meant.keys() & {value.natural_key for value in values}
    # What is still wrong is rejected again, into a file of the same columns.
    run_import(first, second)
    assert second.read_text(encoding="utf-8").splitlines()[0] == first.read_text(encoding="utf-8").splitlines()[0]


def test_a_repaired_second_part_stays_the_second_part(tmp_path):
    path, rejects = tmp_path / "lines.csv", tmp_path / "rejects.csv"
    rows = ("1,P,1,2011-01-01,1", "2,P,1,2011-01-01,1", "1,P,many,2011-01-01,1", "1,P,many,2011-01-02,1")
    path.write_text("\n".join((HEADER, *rows, "")), encoding="utf-8")
    run_import(path, rejects)
    rejects.write_text(rejects.read_text(encoding="utf-8").replace(",many,", ",3,"), encoding="utf-8")
    values = [value for chunk in read(rejects, 1) for value in chunk.values]
    assert [(value.natural_key, value.part, len(value.lines)) for value in values] == [("shop:1:2", 2, 1), ("shop:1:3", 3, 1)]


def test_a_row_of_a_second_part_that_is_not_repaired_takes_its_document_along(tmp_path):
    path = tmp_path / "rejects.csv"
    rows = ("1,1,P,1,2011-01-01,1", "2,1,P,1,2011-01-01,1,9", "2,1,P,1,2011-01-01,1")
    path.write_text("\n".join(("rejected_part," + HEADER, *rows, "")), encoding="utf-8")
    document, *rejected = [value for chunk in read(path, 1) for value in chunk.values]
    assert document.natural_key == "shop:1"
    assert [(value.code, value.part) for value in rejected] == [("IMPORT_COLUMN_COUNT", 2), ("IMPORT_DOCUMENT_INCOMPLETE", 2)]


def test_parts_that_a_sorted_rejects_file_tore_apart_are_rejected(tmp_path):
    path = tmp_path / "sorted.csv"
    rows = ("2,1,P,1,2011-01-01,1", "1,2,P,1,2011-01-01,1", "2,1,P,1,2011-01-01,1", ",3,P,1,2011-01-01,1")
    path.write_text("\n".join(("rejected_part," + HEADER, *rows, "")), encoding="utf-8")
    values = [value for chunk in read(path, 1) for value in chunk.values]
    assert [getattr(value, "code", None) or value.natural_key for value in values] == [
        "shop:1:2",
        "shop:2",
        "IMPORT_DOCUMENT_DIVIDED",
        "shop:3",
    ]


def test_bytes_that_are_no_text_are_written_back_as_they_came(tmp_path):
    path, rejects = tmp_path / "lines.csv", tmp_path / "rejects.csv"
    path.write_bytes(f"{HEADER}\n".encode() + b"1,caf\xe9,1,2011-01-01,1\n")
    _, summary = run_import(path, rejects)
    assert dict(summary.reasons) == {"IMPORT_TEXT_UNREADABLE": 1}
    assert b",1,caf\xe9,1,2011-01-01,1\n" in rejects.read_bytes()


def test_a_row_with_other_cells_than_the_header_keeps_them(tmp_path):
    path, rejects = tmp_path / "lines.csv", tmp_path / "rejects.csv"
    path.write_text(f'{HEADER}\n1,P,1,2011-01-01,1,"more, and more"\n', encoding="utf-8")
    run_import(path, rejects)
    assert rejects.read_text(encoding="utf-8").splitlines()[1].endswith(',1,P,1,2011-01-01,1,"more, and more"')


def test_the_register_counts_every_number_apart_and_grows():
    register = PartRegister()
    assert [register.next_part(f"{number}") for number in range(20_000)] == [1] * 20_000
    assert [register.next_part(f"{number}") for number in range(20_000)] == [2] * 20_000
    assert register.next_part("19999") == 3
    assert register.next_part("\udce9") == 1
