"""How the source of Kassa looks: short files and functions, documented, finished, with tests that assert something."""

import ast
import re
from collections import Counter

FILE_LINES_MAX = 350
FUNCTION_LINES_MAX = 60
FUNCTION_LINES_AIM = 35
# A ratchet: some functions do want to be long, and the value lies in keeping the others from growing.
# Lower it when fewer functions pass the aim; never raise it.
LONG_FUNCTIONS_PER_HUNDRED = 5

PRODUCT = ("core", "plugins", "hosts")
EVERYTHING = (*PRODUCT, "bench", "demo", "docs", "examples", "tests")

# Written with hyphens, so that this file does not break its own rule. In quotes the third is a currency code of ISO 4217.
LEFTOVERS = ("TO-DO", "FIX-ME", "XX-X", "HA-CK", "NotImplemented-Error", "for- now", "place-holder", "simpl-ified")
UNFINISHED = re.compile("|".join(rf"(?<!['\"])\b{word.replace('-', '')}" for word in LEFTOVERS))
ASSERTING = re.compile(r"assert|raises|warns|fail|check|refuse|expect|verify|call_and_validate|run_state_machine", re.IGNORECASE)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from `def` to the last line of the body."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def _functions(found) -> list[tuple[str, int]]:
    """Where each function of some sources stands, with its name, and how many lines it has."""
    return [(f"{source.at(node)} {node.name}", length(node)) for source in found for node in source.find(*FUNCTIONS)]


def test_files_are_short(sources, refuse):
    counted = (source for source in sources(*EVERYTHING) if "migrations" not in source.path.split("/"))
    long = [f"{source.path}: {source.lines} lines" for source in counted if source.lines > FILE_LINES_MAX]
    refuse(long, f"A file has at most {FILE_LINES_MAX} lines; one that passes them becomes a folder of the same name.")


def test_functions_are_short(sources, refuse):
    long = [f"{place}: {lines} lines" for place, lines in _functions(sources(*EVERYTHING)) if lines > FUNCTION_LINES_MAX]
    refuse(long, f"A function has at most {FUNCTION_LINES_MAX} lines; move each of its steps into a function that says what it does.")


def test_most_functions_keep_to_the_aim(sources, refuse):
    functions = _functions(sources(*PRODUCT))
    over = sorted((found for found in functions if found[1] > FUNCTION_LINES_AIM), key=lambda found: -found[1])
    too_many = 100 * len(over) > LONG_FUNCTIONS_PER_HUNDRED * len(functions)
    share = f"{len(over)} of {len(functions)} functions pass {FUNCTION_LINES_AIM} lines"
    advice = f"{share}; at most {LONG_FUNCTIONS_PER_HUNDRED} in 100 may. Shorten some of these."
    refuse([f"{place}: {lines} lines" for place, lines in over] if too_many else [], advice)


def _public_without_docstring(body: list[ast.stmt], owner: str = "") -> list[tuple[ast.stmt, str]]:
    """Public functions, classes and methods that lack a docstring, in order; nested functions are private by nature."""
    found: list[tuple[ast.stmt, str]] = []
    for node in body:
        if not isinstance(node, (*FUNCTIONS, ast.ClassDef)) or node.name.startswith("_") or node.name == "Meta":
            continue
        if not ast.get_docstring(node) and not _documented_elsewhere(node):
            found.append((node, owner + node.name))
        if isinstance(node, ast.ClassDef):
            found += _public_without_docstring(node.body, f"{owner}{node.name}.")
    return found


def _documented_elsewhere(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> bool:
    """Whether another docstring says it: the hook's specification, the first form of an overload, the class of a protocol."""
    names = {part for decorator in node.decorator_list for part in re.split(r"\W+", ast.unparse(decorator))}
    only_a_signature = not isinstance(node, ast.ClassDef) and ast.unparse(node.body[-1]) == "..." and len(node.body) == 1
    return only_a_signature or bool(names & {"hookimpl", "overload", "override", "setter"})


def test_modules_and_public_names_are_documented(sources, refuse):
    silent = []
    for source in sources(*PRODUCT):
        if not ast.get_docstring(source.tree):
            silent.append(f"{source.path}:1 module")
        silent += [f"{source.at(node)} {name}" for node, name in _public_without_docstring(source.tree.body)]
    refuse(silent, "Every module, public class and public function says in a docstring what it is; the first line is a statement of fact.")


def test_nothing_is_left_unfinished(sources, refuse):
    left = [
        f"{source.path}:{number}: {line.strip()[:100]}"
        for source in sources(*EVERYTHING)
        for number, line in enumerate(source.text.split("\n"), 1)
        if UNFINISHED.search(line)
    ]
    refuse(left, "Finish it, or write down in docs/decisions why it ends here; an abstract method belongs to an abc.ABC or a Protocol.")


def test_no_exception_is_swallowed(sources, refuse):
    swallowed = []
    for source in sources(*EVERYTHING):
        for node in source.find(ast.ExceptHandler):
            if all(isinstance(statement, ast.Pass) for statement in node.body):
                swallowed.append(source.at(node))
        for node in source.find(ast.Call):
            if re.fullmatch(r"(contextlib\.)?suppress\((Base)?Exception\)", ast.unparse(node)):
                swallowed.append(source.at(node))
    refuse(swallowed, "Handle the exception, let it pass, or name the one that may be ignored in contextlib.suppress and say why.")


def _asserts(function: ast.AST) -> bool:
    """Whether a test can fail by itself: it asserts, or calls something whose name says that it does."""
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
    called = [ast.unparse(node.func) for node in calls] + [keyword.arg or "" for node in calls for keyword in node.keywords]
    return any(map(ASSERTING.search, called)) or any(isinstance(node, ast.Assert) for node in ast.walk(function))


def test_every_test_asserts_something(sources, refuse):
    functions = ((source, node) for source in sources("tests") for node in source.find(*FUNCTIONS) if node.name.startswith("test_"))
    idle = [f"{source.at(node)} {node.name}" for source, node in functions if not _asserts(node)]
    refuse(idle, "A test asserts something, or calls a function named check_…, assert_… or expect_… that does.")


def test_test_files_have_unique_names(sources, refuse):
    names = Counter(name for source in sources("tests") if (name := source.path.rsplit("/", 1)[-1]).startswith("test_"))
    refuse([name for name, times in names.items() if times > 1], "Two test files share a name; call them test_<area>_<topic>.py.")
