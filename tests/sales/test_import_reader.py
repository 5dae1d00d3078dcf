"""Rows of a file of invoice lines: plain and gzipped, with line numbers, whatever is in them."""

import gzip

import pytest

from kassa.kernel.errors import InvalidInput, UnreadableInput
from kassa.sales.importing.mapping import FileFormat
from kassa.sales.importing.reader import RowReader, file_fingerprint

FORMAT = FileFormat(encoding="utf-8", delimiter=",", quote='"', decimal_mark=".")


def rows_of(path, file_format=FORMAT):
    """All rows of a file."""
    with RowReader(path, file_format) as reader:
        return list(reader)


@pytest.fixture
def written(tmp_path):
    """Writes bytes to a file, gzipped or not, and gives its path."""

    def write(content: bytes | str, *, compressed: bool = False):
        data = content.encode() if isinstance(content, str) else content
        path = tmp_path / ("lines.csv.gz" if compressed else "lines.csv")
        path.write_bytes(gzip.compress(data) if compressed else data)
        return path

    return write


@pytest.mark.parametrize("compressed", [False, True])
def test_rows_have_the_line_where_they_begin(written, compressed: bool):
    path = written('A,B\n1,x\n\n2,"two\nlines"\n3,z\n', compressed=compressed)
    assert rows_of(path) == [(2, ["1", "x"], None), (4, ["2", "two\nlines"], None), (6, ["3", "z"], None)]


def test_blank_lines_count_but_are_no_rows(written):
    assert [(line, cells) for line, cells, _ in rows_of(written("A,B\n\n1,x\n"))] == [(3, ["1", "x"])]


def test_compression_is_seen_in_the_content_not_in_the_name(written, tmp_path):
    path = written("A,B\n1,x\n", compressed=True)
    renamed = path.rename(tmp_path / "plain.csv")
    assert rows_of(renamed) == [(2, ["1", "x"], None)]


def test_other_delimiters_quotes_and_encodings(written):
    path = written("A;B\r\n'1;1';caf\xe9\r\n".encode("cp1252"))
    other = FileFormat(encoding="cp1252", delimiter=";", quote="'", decimal_mark=",")
    assert rows_of(path, other) == [(2, ["1;1", "café"], None)]


def test_a_byte_order_mark_is_no_part_of_the_first_name(written):
    with RowReader(written(b"\xef\xbb\xbfA,B\n1,x\n"), FORMAT) as reader:
        assert reader.header == ("A", "B")
        assert reader.index_of("A") == 0


def test_too_few_and_too_many_cells_are_a_fault_of_the_row(written):
    found = rows_of(written('A,B\n1\n1,2,3\n4,5\n6,"7\n8,9\n'))
    assert [(line, None if fault is None else fault.code) for line, _, fault in found] == [
        (2, "IMPORT_COLUMN_COUNT"),
        (3, "IMPORT_COLUMN_COUNT"),
        (4, None),
        (5, None),
    ]
    assert found[0][2].reason == "expected 2 columns as in the header, got 1"


def test_a_missing_quotation_mark_is_pointed_at(written):
    ((line, _, fault),) = rows_of(written('A,B,C\n1,"x,y\n2,x,y\n3,x,y\n'))
    assert line == 2
    assert (
        fault.reason == "expected 3 columns as in the header, got 2; the row goes from line 2 to line 4, look for a missing quotation mark"
    )


def test_a_row_that_is_no_csv_is_a_fault_and_the_rest_goes_on(written):
    found = rows_of(written("A,B\n1," + "x" * 200_000 + "\n2,y\n"))
    assert [(line, cells, None if fault is None else fault.code) for line, cells, fault in found] == [
        (2, [], "IMPORT_ROW_UNREADABLE"),
        (3, ["2", "y"], None),
    ]


def test_bytes_of_another_encoding_survive(written):
    ((_, cells, _),) = rows_of(written(b"A,B\n1,caf\xe9\n"))
    assert cells[1].encode("utf-8", "surrogateescape") == b"caf\xe9"


def test_a_missing_column_is_named_with_the_nearest_one(written):
    with RowReader(written("InvoiceNo,StockCode,StockCode\n"), FORMAT) as reader:
        with pytest.raises(InvalidInput, match='did you mean "InvoiceNo"') as refused:
            reader.index_of("Invoice No")
        assert refused.value.issues[0].code == "IMPORT_COLUMN_MISSING"
        with pytest.raises(InvalidInput, match='has 2 columns "StockCode", expected one'):
            reader.index_of("StockCode")


def test_files_that_cannot_be_read_say_so(written, tmp_path):
    for path in (tmp_path / "absent.csv", written(""), written("\n")):
        with pytest.raises(UnreadableInput) as refused, RowReader(path, FORMAT):
            pytest.fail("opened")
        assert refused.value.issues[0].code == "IMPORT_FILE_UNREADABLE"


def test_a_file_cut_off_amid_its_compression_gives_its_rows_first(tmp_path):
    lines = "".join(f"{number},{number * 7919 % 10007}\n" for number in range(50_000))
    whole = gzip.compress(f"A,B\n{lines}".encode())
    path = tmp_path / "cut.csv.gz"
    path.write_bytes(whole[: len(whole) // 2])
    seen: list[tuple[int, str]] = []
    with RowReader(path, FORMAT) as reader, pytest.raises(UnreadableInput, match="is damaged after line"):
        seen.extend((line, cells[0]) for line, cells, _ in reader)
    assert seen == [(number + 2, str(number)) for number in range(len(seen))]
    assert 10_000 < len(seen) < 50_000


@pytest.mark.parametrize("compressed", [False, True])
def test_progress_is_told_in_bytes_on_disk(written, compressed: bool):
    path = written("A,B\n" + "1,x\n" * 100_000, compressed=compressed)
    with RowReader(path, FORMAT) as reader:
        assert reader.bytes_total == path.stat().st_size
        read = [reader.bytes_read for _ in reader]
        assert read == sorted(read)
        assert reader.bytes_read == reader.bytes_total
    assert reader.bytes_read == 0


def test_the_fingerprint_is_that_of_the_content(written, tmp_path):
    path = written("A,B\n1,x\n")
    before = file_fingerprint(path)
    copy = tmp_path / "copy.csv"
    copy.write_bytes(path.read_bytes())
    assert file_fingerprint(copy) == before
    copy.write_bytes(path.read_bytes() + b"2,y\n")
    assert file_fingerprint(copy) != before
    with pytest.raises(UnreadableInput):
        file_fingerprint(tmp_path / "absent")
