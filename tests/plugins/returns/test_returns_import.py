"""`kassa import returns`: cancellations of a file become returns, with a receipt where a purchase fits, and come to what the file sums up to."""

import csv
import gzip
import json
from decimal import Decimal

import pytest
from click.testing import CliRunner
from kassa_demo import data

from kassa.cli.main import kassa


class Shell:
    """Runs `kassa` on one database."""

    def __init__(self, url):
        self.url = url

    def __call__(self, *arguments, status=0):
        result = CliRunner().invoke(kassa, ["--database", self.url, *map(str, arguments)])
        assert result.exit_code == status, f"{result.output}\n{result.exception!r}"
        return result.stdout


def cancellations(path):
    """Sum the cancellations of a file up: by number the customer and the amount."""
    found = {}
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["InvoiceNo"].startswith("C"):
                customer, amount = found.get(row["InvoiceNo"], ("", Decimal(0)))
                found[row["InvoiceNo"]] = (row["CustomerID"] or customer, amount + Decimal(row["Quantity"]) * Decimal(row["UnitPrice"]))
    return found


@pytest.mark.slow
def test_cancellations_come_back_as_the_file_says(database_url, tmp_path):
    shell, expected = Shell(database_url), cancellations(data.DAY)
    shell("demo", "--small")
    load = ("import", "returns", data.DAY, "--mapping", data.MAPPING, "--rejects", tmp_path / "rejects.csv", "--json")
    summary = json.loads(shell(*load))["summary"]
    assert summary["posted"] == len(expected)
    assert Decimal(summary["amount_minor"]) / 100 == sum(amount for _, amount in expected.values())
    assert summary["with_receipt"] > 0
    assert summary["without_receipt"] > 0
    again = json.loads(shell(*load))["summary"]
    assert (again["posted"], again["known"]) == (0, len(expected))
    assert "All is well" in shell("verify")


def test_what_names_no_customer_is_refused_with_the_reason(database_url, tmp_path):
    shell = Shell(database_url)
    shell("demo", "--small")
    header = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
    row = "C900001,85123A,HOLDER,-1,2010-12-01 10:00:00,2.55,,United Kingdom\n"
    file = tmp_path / "returns.csv"
    file.write_text(header + row)
    rejects = tmp_path / "rejects.csv"
    load = ("import", "returns", file, "--mapping", data.MAPPING, "--rejects", rejects)
    assert "RET_IMPORT_NO_CUSTOMER" in shell(*load, status=1)
    assert "C900001" in rejects.read_text()
