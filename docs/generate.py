"""Writes every generated page of the documentation: `python docs/generate.py`, from an environment with Kassa installed.

Whole pages come from `kassa.testing.reference`; in pages that are written by hand, what stands between
`<!-- generated: NAME -->` and `<!-- end -->` is replaced. With `--check` nothing is written, and pages that are not as they
should be are named.
"""

import importlib
import re
import sys
from pathlib import Path

from kassa.testing.reference import Described, describe, pages, plugin_page
from kassa.testing.reference.vocabulary import accounts_table
from kassa_flask.problems import OWN_CODES

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
BLOCK = re.compile(r"(<!-- generated: (\w+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)
BLOCKS = {"accounts": accounts_table}
LOYALTY = ROOT / "examples" / "kassa-loyalty"


def bundled() -> dict[str, object]:
    """The hook modules of the plugins in this tree, by name; what else is installed here is not described."""
    found = sorted(ROOT.glob("plugins/*/kassa_*/hooks.py"))
    return {path.parents[1].name: importlib.import_module(f"{path.parent.name}.hooks") for path in found}


def described() -> Described:
    """The rooms, the bundled plugins and the host."""
    return describe(bundled(), host_codes={"flask": OWN_CODES}, examples=ROOT / "examples" / "hooks")


def reference_of_loyalty() -> str:
    """The page about the example of a whole plugin, which is not installed."""
    if str(LOYALTY) not in sys.path:
        sys.path.insert(0, str(LOYALTY))
    return plugin_page(describe({"loyalty": importlib.import_module("kassa_loyalty.hooks")}), "loyalty")


def generated() -> dict[Path, str]:
    """The text that each generated page should have, and each page with generated blocks."""
    source = described()
    wanted = {DOCS / name: text for name, text in pages(source).items()} | {LOYALTY / "reference.md": reference_of_loyalty()}
    for path in sorted(DOCS.rglob("*.md")):
        if path in wanted or "_build" in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        if BLOCK.search(text):
            wanted[path] = BLOCK.sub(lambda found: f"{found[1]}{BLOCKS[found[2]](source)}\n{found[4]}", text)
    return wanted


def stale(wanted: dict[Path, str]) -> list[Path]:
    """The pages that are not as they should be, and generated pages of owners that are no more."""
    left = [path for path in sorted((DOCS / "errors").glob("*.md")) if path not in wanted]
    return [path for path, text in wanted.items() if not path.exists() or path.read_text(encoding="utf-8") != text] + left


def main(arguments: list[str]) -> int:
    """Write the pages, or name those that are stale."""
    wanted = generated()
    for path in stale(wanted):
        name = path.relative_to(ROOT)
        if "--check" in arguments:
            sys.stdout.write(f"{name} is stale: run python docs/generate.py\n")
        elif path in wanted:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(wanted[path], encoding="utf-8")
            sys.stdout.write(f"wrote {name}\n")
        else:
            path.unlink()
            sys.stdout.write(f"removed {name}\n")
    return 1 if "--check" in arguments and stale(wanted) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
