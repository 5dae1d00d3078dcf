"""What docs/plugins.md shows works as it stands there."""

import re
from types import ModuleType

import pytest

from kassa.kernel.errors import Refused
from kassa.testing.builders import line


@pytest.fixture(scope="module")
def blocks(root):
    """The Python blocks of the page, in their order."""
    return re.findall(r"```python\n(.*?)```", (root / "docs" / "plugins.md").read_text(encoding="utf-8"), re.DOTALL)


def module_of(text):
    """A module made of a block of the page."""
    module = ModuleType("kassa_bell_of_the_page")
    exec(compile(text, "docs/plugins.md", "exec"), vars(module))
    return module


def test_the_first_hook_of_the_page_refuses_what_nobody_can_carry(blocks, open_shop):
    module = module_of(blocks[0])
    shop = open_shop({"bell": module})
    with pytest.raises(Refused) as caught:
        shop.sell(line("TEA", "101"))
    assert [(issue.code, issue.plugin) for issue in caught.value.issues if issue.plugin == "bell"] == [("BELL_TOO_HEAVY", "bell")]
    assert shop.sell(line("TEA"), payments={"cash": "12.10"})["total"] == "12.10"


def test_the_first_hook_of_the_page_is_short(blocks):
    (rule,) = module_of(blocks[0]).register_rules()
    assert rule.name == "bell.load"
    assert len([row for row in blocks[0].split("\n") if row.strip()]) <= 12


def test_the_tests_that_the_page_shows_are_those_of_the_example(blocks, root):
    shown = blocks[-1]
    example = (root / "examples" / "kassa-loyalty" / "tests" / "test_loyalty_points.py").read_text(encoding="utf-8")
    imports = [row for row in shown.split("\n") if row.startswith(("from ", "import "))]
    assert [row for row in imports if row not in example] == []
    compile(shown, "docs/plugins.md", "exec")


def test_every_public_name_that_the_page_imports_is_public(blocks):
    import kassa

    names = {name.strip() for block in blocks for found in re.findall(r"^from kassa import (.+)$", block, re.MULTILINE) for name in found.split(",")}
    assert names <= set(kassa.__all__)
