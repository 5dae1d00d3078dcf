"""The command line as somebody at a shell has it: run in a folder of its own, on a database of its own."""

import json
import shutil

import pytest
from click.testing import CliRunner

from kassa.cli.main import kassa as root

# Not which plugins are blocked: where the core is tested alone, that holds for the command line too.
VARIABLES = ("CONFIG", "DATABASE", "LEGAL_ENTITY", "HOST", "PORT", "SERVICES", "WORKERS")


class Kassa:
    """Runs `kassa` on one database; a status other than the one expected fails the test with what was printed."""

    def __init__(self, url):
        self.url = url

    def __call__(self, *arguments, status=0, **options):
        result = CliRunner().invoke(root, ["--database", self.url, *map(str, arguments)], **options)
        assert result.exit_code == status, f"{arguments}: status {result.exit_code}\n{result.output}\n{result.exception!r}"
        assert "\x1b" not in result.output, "no colours where the output is no terminal"
        return result

    def json(self, *arguments, **options):
        """Run a command and read what it printed on standard output as JSON."""
        return json.loads(self(*arguments, **options).stdout)

    def sell(self, quantity="2", amount="5.10", product="85123A", **options):
        """Sell some of a product for cash."""
        lines = json.dumps([{"product": product, "quantity": quantity}])
        payments = json.dumps([{"tender": "cash", "amount": amount}])
        more = options.pop("more", ())
        return self("call", "sales.sell", "store=S001", f"lines:={lines}", f"payments:={payments}", *more, **options)


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    """Starts each test in an empty folder, without configuration from outside."""
    monkeypatch.chdir(tmp_path)
    for name in VARIABLES:
        monkeypatch.delenv(f"KASSA_{name}", raising=False)
    return tmp_path


@pytest.fixture
def kassa(tmp_path):
    """The command line on a database that is not there yet."""
    return Kassa(f"sqlite:///{tmp_path}/kassa.db")


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory):
    """A database with the small demo, made once."""
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    Kassa(f"sqlite:///{path}")("demo", "--small")
    return path


@pytest.fixture
def shop(demo_file, tmp_path):
    """The command line on a copy of the small demo."""
    shutil.copyfile(demo_file, tmp_path / "shop.db")
    return Kassa(f"sqlite:///{tmp_path}/shop.db")


@pytest.fixture
def on_database(database_url):
    """The command line on an empty database, on SQLite and on PostgreSQL."""
    return Kassa(database_url)
