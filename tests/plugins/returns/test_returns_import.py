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


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    """Starts each test in an empty folder: an installation leaves its configuration there."""
    monkeypatch.chdir(tmp_path)


def sold(url, folder):
    """An installation with the sales of a day."""
    shell = Shell(url)
    mine = ("--legal-entity", "GB01", "--currency", "GBP", "--time-zone", "Europe/London", "--first-year", "2010", "--store", "ONLINE")
    shell("init", "--yes", *mine)
    shell("import", "sales", data.DAY, "--mapping", data.MAPPING, "--rejects", folder / "sales.csv")
    return shell


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
    shell, expected = sold(database_url, tmp_path), cancellations(data.DAY)
    load = ("import", "returns", data.DAY, "--mapping", data.MAPPING, "--rejects", tmp_path / "rejects.csv", "--json")
    shown = shell(*load[:-1])
    summary = json.loads(shell("jobs", "list", "--json"))[0]["summary"]
    for words in ("6 documents were posted; 0 were in already.", f"{summary['lines_with_receipt']} lines with receipt", "-325.23 GBP in all."):
        assert words in shown
    assert summary["posted"] == len(expected)
    assert Decimal(summary["amount_minor"]) / 100 == sum(amount for _, amount in expected.values())
    assert summary["lines_with_receipt"] > 0
    assert summary["lines_without_receipt"] > 0
    again = json.loads(shell(*load))["summary"]
    assert (again["posted"], again["known"]) == (0, len(expected))
    assert "All is well" in shell("verify")


def test_what_names_no_customer_is_refused_with_the_reason(database_url, tmp_path):
    shell = sold(database_url, tmp_path)
    header = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
    row = "C900001,85123A,HOLDER,-1,2010-12-01 10:00:00,2.55,,United Kingdom\n"
    file = tmp_path / "returns.csv"
    file.write_text(header + row)
    rejects = tmp_path / "rejects.csv"
    load = ("import", "returns", file, "--mapping", data.MAPPING, "--rejects", rejects)
    assert "RET_IMPORT_NO_CUSTOMER" in shell(*load, status=1)
    assert "C900001" in rejects.read_text()
