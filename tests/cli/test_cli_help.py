"""Help: quick, complete, with an example each; commands that others add; wrong names."""

import subprocess
import sys

import click
import pytest

from kassa.cli.commands import LazyGroup
from kassa.cli.main import kassa as root

HEAVY = ("rich", "peewee", "psycopg", "pluggy", "marshmallow", "kassa.kernel.engine", "kassa.sales", "kassa_flask")


def _commands(group, context, path=()):
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from _commands(command, context, (*path, name))


def test_help_lists_every_command(kassa):
    shown = kassa("--help").stdout
    expected = "init migrate serve demo import verify plugins hooks rules operations call report jobs token settings"
    assert set(expected.split()) <= {line.split()[0] for line in shown.splitlines() if line.startswith("  ") and line.split()}
    assert "Exit status" in shown


def test_every_command_explains_itself_with_an_example():
    with root.make_context("kassa", ["plugins"]) as context:
        found = dict(_commands(root, context))
    assert len(found) > 25
    silent = [" ".join(path) for path, command in found.items() if "Example" not in (command.help or "")]
    assert silent == []


def test_help_imports_nothing_heavy():
    code = (
        "import sys; from click.testing import CliRunner; from kassa.cli.main import kassa; "
        f"assert CliRunner().invoke(kassa, ['--help']).exit_code == 0; print(sorted(set(sys.modules) & set({HEAVY!r})))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "wrong, meant",
    [
        (["cal"], "call"),
        (["jobs", "lst"], "list"),
        (["import", "sale"], "sales"),
        (["hooks", "register_rule"], "register_rules"),
        (["rules", "invoise"], "invoice"),
        (["rules", "invoice", "posted"], "post"),
        (["operations", "sales.sel1"], "sales.sell"),
        (["call", "sales.sel1"], "sales.sell"),
        (["report", "ledger.trial_balanse"], "ledger.trial_balance"),
    ],
)
def test_a_wrong_name_is_answered_with_the_nearest(kassa, wrong, meant):
    assert f"'{meant}'" in kassa(*wrong, status=2).stderr


def test_a_command_that_cannot_be_imported_harms_no_other(kassa):
    group = LazyGroup("tool", table={"plugins": "kassa.cli.describing:plugins"}, entry_points="none.of.this.name")
    group._found = {"broken": lambda: __import__("no_such_module_anywhere")}
    with group.make_context("tool", ["plugins"]) as context:
        assert group.list_commands(context) == ["plugins", "broken"]
        broken = group.get_command(context, "broken")
    assert "no_such_module_anywhere" in broken.help
    with pytest.raises(click.UsageError, match="cannot be imported"):
        broken.main([], standalone_mode=False)


def test_version(kassa):
    from kassa import __version__

    assert __version__ in kassa("--version").stdout


def test_completion_is_offered(kassa):
    shown = kassa(env={"_KASSA_COMPLETE": "bash_source"}, prog_name="kassa")
    assert "_kassa_completion" in shown.stdout
