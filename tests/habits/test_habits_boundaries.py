"""Who may do what: each "only this file" of the architecture, checked on the source itself."""

import ast
import re
from functools import cache

ENGINE = ("core", "plugins")
PRODUCT = ("core", "plugins", "hosts")
MONEY = (
    *(f"core/kassa/{room}/" for room in ("catalog", "ledger", "payables", "payments", "sales", "stock")),
    "core/kassa/kernel/values",
    "plugins/",
)

CLOCK = "core/kassa/kernel/clock.py"
PLUGINS = "core/kassa/kernel/plugins.py"
# The flush writes what a plan holds; migrations build the tables before there is anything to plan.
MAY_WRITE = ("core/kassa/kernel/flush", "core/kassa/kernel/migrations")
# The two drivers say what a write transaction is on their database.
DRIVERS = ("core/kassa/kernel/database.py", "core/kassa/kernel/sqlite.py", "core/kassa/kernel/postgresql.py")

# "returns" and "assortment" are also plain words: as a plugin they stand in quotes, or before a point or an underscore. The core ships the
# role of the returns clerk.
PLUGIN_NAMES = re.compile(
    r"kassa_(assortment|reimbursement|retail_orders|returns)|\bretail_orders\b|\breimbursements?\b|\b(assortment|returns)[._](?!clerk\b)[a-z]|[\"'`](assortment|returns)[\"'`]"
)
TIME_READERS = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today"}
WRITE_OPENERS = {"atomic", "transaction", "writer", "manual_commit"}
OTHER_WRITERS = {"csv.writer"}
TRANSACTION_SQL = re.compile(r"\s*(BEGIN|COMMIT|END|ROLLBACK|SAVEPOINT|RELEASE)(\s+\w+){0,6}\s*;?\s*", re.IGNORECASE)
TOP = re.compile(r"plugins/[^/]+/(kassa_\w+)/")


@cache
def _calls(source) -> list[tuple[ast.Call, str]]:
    """Every call with the dotted name of what is called."""
    return [(node, ast.unparse(node.func)) for node in source.find(ast.Call)]


def test_only_the_clock_reads_the_time(sources, refuse):
    readers = []
    for source in sources(*PRODUCT):
        if source.path == CLOCK:
            continue
        readers += [source.at(node) for node, module in source.imports() if module == "time"]
        readers += [f"{source.at(node)} {name}()" for node, name in _calls(source) if ".".join(name.split(".")[-2:]) in TIME_READERS]
    refuse(readers, f"Only {CLOCK} reads the time; take it from the context's clock, so that tests can set it.")


def test_only_one_file_touches_pluggy(sources, refuse):
    others = (source for source in sources(*PRODUCT) if source.path != PLUGINS)
    touching = [source.at(node) for source in others for node, module in source.imports() if module.split(".")[0] == "pluggy"]
    refuse(touching, f"Only {PLUGINS} imports pluggy; call the typed functions there.")


def test_only_the_flush_opens_write_transactions(sources, refuse):
    opening = []
    for source in sources(*PRODUCT):
        if source.path.startswith(MAY_WRITE):
            continue
        methods = ((node, name) for node, name in _calls(source) if "." in name and name not in OTHER_WRITERS)
        opening += [f"{source.at(node)} {name}()" for node, name in methods if name.rsplit(".", 1)[-1] in WRITE_OPENERS]
        if source.path not in DRIVERS:
            for node, name in _calls(source):
                texts = [argument.value for argument in node.args if isinstance(argument, ast.Constant) and isinstance(argument.value, str)]
                opening += [f"{source.at(node)} {name}({text!r})" for text in texts if TRANSACTION_SQL.fullmatch(text)]
    refuse(opening, "Only the kernel's flush opens a write transaction; return effects from a plan instead.")


def test_the_core_names_no_plugin(root, refuse):
    naming = []
    for path in sorted((root / "core" / "kassa").rglob("*")):
        if path.suffix in {".py", ".md", ".toml", ".sql"} and "__pycache__" not in path.parts:
            lines = enumerate(path.read_text(encoding="utf-8").split("\n"), 1)
            naming += [f"{path.relative_to(root)}:{number}: {line.strip()[:100]}" for number, line in lines if PLUGIN_NAMES.search(line)]
    refuse(naming, "The core knows no plugin; say what is meant in words of the core, or move it into the plugin.")


def test_plugins_import_public_names_only(sources, refuse):
    imports = [(source.at(node), module) for source in sources("plugins") for node, module in source.imports()]
    inside = [f"{place} {module}" for place, module in imports if module.startswith("kassa.") and not module.startswith("kassa.testing")]
    refuse(inside, "A plugin imports from `kassa` itself, as a plugin from anywhere else must; add what is missing to its public names.")


def test_plugins_do_not_import_each_other(sources, refuse):
    crossing = []
    for source in sources("plugins"):
        own = TOP.match(source.path)
        for node, module in source.imports():
            package = module.split(".")[0]
            if package.startswith("kassa_") and (own is None or package != own.group(1)):
                crossing.append(f"{source.at(node)} {module}")
    refuse(crossing, "A plugin uses another by its operations (`context.call`), never by an import.")


def test_hosts_hold_no_queries(sources, refuse):
    drivers = {"peewee", "playhouse", "psycopg", "sqlite3"}
    imports = [(source.at(node), module) for source in sources("hosts") for node, module in source.imports()]
    querying = [f"{place} {module}" for place, module in imports if module.split(".")[0] in drivers]
    refuse(querying, "A host asks the engine; rules and queries belong to the core and the plugins.")


def test_no_float_in_the_engine(sources, refuse):
    floats = []
    for source in sources(*ENGINE):
        floats += [f"{source.at(node)} {node.value}" for node in source.find(ast.Constant) if isinstance(node.value, (float, complex))]
        floats += [f"{source.at(node)} {name}()" for node, name in _calls(source) if name in {"float", "round", "math.fsum"}]
    advice = "Amounts, quantities and durations are integers (minor units, thousandths, microseconds); kernel/values.py has the roundings."
    refuse(floats, advice)


def _joins_paths(node: ast.BinOp) -> bool:
    """Whether `/` joins a path: a text stands on one side."""
    sides = (node.left, node.right)
    return any(isinstance(side, ast.JoinedStr) or (isinstance(side, ast.Constant) and isinstance(side.value, str)) for side in sides)


def test_money_is_never_divided_with_a_fraction(sources, refuse):
    divisions = []
    for source in sources(*ENGINE):
        if source.path.startswith(MONEY):
            divisions += [source.at(node) for node in source.find(ast.BinOp) if isinstance(node.op, ast.Div) and not _joins_paths(node)]
            divisions += [source.at(node) for node in source.find(ast.AugAssign) if isinstance(node.op, ast.Div)]
    refuse(divisions, "`/` gives a float; use the rounding and allocating functions of kernel/values.py, which say where a remainder goes.")
