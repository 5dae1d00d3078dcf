"""demo and serve: a shop out of real sales, made once, that sells; the host that is installed is found and told where to listen."""

import json
import os
import shlex
import socket

import click
import pytest
from kassa_demo import data
from kassa_demo.command import curl

from kassa.cli import serving
from kassa.cli.configuration import Configuration
from kassa.kernel.errors import StartupError


def takes_back(shop):
    """Whether the cancellations of the day became returns: where the plugin for them is not blocked."""
    return "returns" in {plugin["name"] for plugin in shop.json("plugins", "--json")}


def test_the_demo_makes_a_shop_that_sells(shop):
    stores = {store["number"] for store in shop.json("call", "org.list_stores")["items"]}
    assert stores == {"ONLINE", "S001", "S002"}
    found = shop.json("call", "catalog.read_product", "product=85123A")
    assert found["name"] == "WHITE HANGING HEART T-LIGHT HOLDER"
    (barcode,) = found["barcodes"]
    assert (barcode["kind"], barcode["barcode"][:3]) == ("gtin", "200")
    assert shop.json("call", "catalog.read_product", f"product={barcode['barcode']}")["number"] == "85123A"
    (stock,) = shop.json("call", "stock.read", "product=85123A", "store=S001")["items"]
    assert stock["on_hand"] == "48"
    roles = {role["role"] for role in shop.json("call", "org.list_role_grants", "worker=1002")["items"]}
    assert roles == {"cashier", "store_manager"}
    revenue = [
        row for row in shop.json("report", "ledger.trial_balance", "date=2010-12-31", "--format", "json") if row["account"] == "4000"
    ]
    assert (revenue[0]["credit"], revenue[0]["debit"]) == ("58960.79", "325.23" if takes_back(shop) else "0.00")
    assert "All is well" in shop("verify").stdout


def test_goods_come_back_to_the_demo(shop):
    if not takes_back(shop):
        pytest.skip("returns are blocked")
    codes = {code["code"]: code["action"] for code in shop.json("call", "returns.list_disposition_codes", "limit=500")["items"]}
    assert set(codes.values()) == {"credit", "credit_only", "scrap", "replace_and_credit", "replace_and_scrap", "return_to_customer"}
    assert {code["group"] for code in shop.json("call", "returns.list_reason_codes", "limit=500")["items"]} == {"QUALITY", "CHOICE"}
    rows = shop.json("report", "returns.by_reason", "--format", "json")
    assert [(row["reason"], row["disposition"], row["store"], row["lines"]) for row in rows] == [
        ("", "", "ONLINE", 26), ("CHANGED", "RS", "S001", 1), ("FAULTY", "", "S001", 1),
    ]  # fmt: skip
    assert rows[0]["total"] == "325.23"
    credited = shop.json("call", "returns.read", "rma=RMA-S001-000001")
    assert (credited["state"], [(line["state"], line["quantity"]) for line in credited["lines"]]) == ("closed", [("invoiced", "-1")])
    (waiting,) = shop.json("call", "returns.list_quarantine_orders")["items"]
    assert (waiting["rma_number"], waiting["state"], waiting["warehouse"]) == ("RMA-S001-000002", "started", "QUARANTINE")
    shown = shop("demo", "--small").stdout
    for words in ("6 with", "-325.23 GBP", "2 returns in S001"):
        assert words in shown


def test_made_again_it_is_the_same_with_new_keys(shop):
    first = shop.json("demo", "--small", "--json")
    again = shop.json("demo", "--small", "--json")
    assert again["made"] == first["made"]
    assert set(again["tokens"]) == set(first["tokens"])
    assert set(again["tokens"].values()).isdisjoint(first["tokens"].values())
    assert len(shop.json("token", "list", "--json")) == len(again["tokens"])
    assert len(shop.json("jobs", "list", "--json")) == (2 if takes_back(shop) else 1), "each import ran once"
    assert len(shop.json("call", "sales.list_orders", "limit=500", "type=sales")["items"]) == 127


def test_what_is_printed_sells(shop):
    shown = shop("demo", "--small").stdout
    (line,) = [line for line in shown.splitlines() if line.startswith("curl ")]
    words = shlex.split(line)
    command = json.loads(words[words.index("-d") + 1])
    assert shop.json("call", "sales.sell", "-", input=json.dumps(command))["total"] == command["payments"][0]["amount"]
    assert "http://127.0.0.1:8000/v1/sales" in words
    for words in ("Open", "Token", "Demo: everything", "Olivia Hart", "127 with 3,072 lines, 58,960.79 GBP"):
        assert words in shown


def test_the_line_for_the_shell_survives_it():
    words = shlex.split(curl("http://h:1/", "kassa_x", "key", {"lines": [{"product": "A B"}]}))
    assert words[:3] == ["curl", "-s", "http://h:1/v1/sales"]
    assert "Authorization: Bearer kassa_x" in words
    assert "Idempotency-Key: key" in words
    assert json.loads(words[-1]) == {"lines": [{"product": "A B"}]}


def test_the_demo_keeps_out_of_real_books(kassa):
    kassa("init", "--yes")
    assert "holds the legal entity MAIN" in kassa("demo", "--small", status=2).stderr


def test_an_interrupted_demo_is_completed(kassa, monkeypatch):
    from kassa_demo.builder import Builder

    monkeypatch.setattr(Builder, "_stock", lambda self: (_ for _ in ()).throw(KeyboardInterrupt))
    assert "Interrupted" in kassa("demo", "--small", status=130).stderr
    monkeypatch.undo()
    kassa("demo", "--small")
    (stock,) = kassa.json("call", "stock.read", "product=85123A", "store=S002")["items"]
    assert stock["on_hand"] == "48"


def test_the_slices_are_what_they_are_said_to_be():
    import csv
    import gzip

    for path, lines, first in ((data.MONTH, 42_481, "2010-12"), (data.DAY, 3_108, "2010-12-01")):
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert len(rows) == lines
        assert all(row["InvoiceDate"].startswith(first) for row in rows)
    assert data.MONTH.stat().st_size < 1_500_000


class Host:
    """An installed host that notes what it was told instead of serving."""

    def __init__(self, name):
        self.name = name

    def load(self):
        """Give the function that serves."""
        return self.serve

    def serve(self):
        """Say what the variables say."""
        told = (os.environ.get(f"KASSA_{name}", "") for name in ("DATABASE", "HOST", "PORT", "WORKERS"))
        click.echo(" ".join((self.name, *told)))


@pytest.fixture
def hosts(monkeypatch):
    """Lets hosts be installed; the variables that are written are taken away again."""
    installed = []
    blocked = os.environ.get("KASSA_BLOCK_PLUGINS", "")
    for name in Configuration().__slots__:
        monkeypatch.delenv(f"KASSA_{name.upper()}", raising=False)
    for name in ("KASSA_DATABASE", "KASSA_BLOCK_PLUGINS", "KASSA_HOST", "KASSA_PORT", "KASSA_SERVICES", "KASSA_WORKERS"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("KASSA_BLOCK_PLUGINS", blocked)
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: installed)
    return installed


@pytest.fixture
def free_port():
    """A port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def test_serve_tells_the_host_where_to_listen(shop, hosts, free_port):
    hosts.append(Host("only"))
    shown = shop("serve", "--port", free_port, "--workers", "2").stdout
    assert f"http://127.0.0.1:{free_port}/" in shown
    assert f"only {shop.url} 127.0.0.1 {free_port} 2" in shown


def test_of_several_hosts_one_must_be_chosen(shop, hosts, free_port):
    hosts += [Host("one"), Host("two")]
    assert "Several hosts are installed (one, two)" in shop("serve", "--port", free_port, status=3).stderr
    assert "two sqlite" in shop("serve", "--port", free_port, "--with", "two").stdout
    assert "There is no host 'three'" in shop("serve", "--port", free_port, "--with", "three", status=3).stderr
    hosts.clear()
    assert "No host is installed" in shop("serve", "--port", free_port, status=3).stderr


def test_a_port_that_is_taken_is_said_before_anything_starts(shop, hosts):
    hosts.append(Host("only"))
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        shown = shop("serve", "--port", port, status=3)
        assert f"Cannot listen at 127.0.0.1, port {port}" in shown.stderr
        assert f"--port {port + 1}" in shown.stderr
        assert "Cannot listen" in shop("demo", "--small", "--serve", "--port", port, status=3).stderr


def test_demo_serves_afterwards(shop, hosts, free_port):
    hosts.append(Host("only"))
    shown = shop("demo", "--small", "--serve", "--port", free_port).stdout
    assert f"only {shop.url} 127.0.0.1 {free_port}" in shown
    assert f"http://127.0.0.1:{free_port}/v1/sales" in shown


def test_the_host_of_the_distribution_is_found():
    found = serving.find_host()
    assert callable(found)
    with pytest.raises(StartupError, match="no host"):
        serving.find_host("another")


@pytest.mark.parametrize(
    "host, shown", [("0.0.0.0", "http://127.0.0.1:8000/"), ("::1", "http://[::1]:8000/"), ("till.example", "http://till.example:8000/")]
)
def test_the_address_can_be_opened(host, shown):
    from kassa.cli.session import Session

    session = Session()
    session.give("host", host)
    assert serving.address(session) == shown
