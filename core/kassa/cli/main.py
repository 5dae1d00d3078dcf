"""The command `kassa`: its subcommands, and what becomes of errors."""

from __future__ import annotations

from typing import Any

import click

from kassa.cli.commands import AS_JSON, EPILOG, GROUP, LazyGroup, global_options, session_of
from kassa.version import __version__

TABLE = {
    "init": "kassa.cli.setting_up:init",
    "migrate": "kassa.cli.migrating:migrate",
    "serve": "kassa.cli.serving:serve",
    "import": "kassa.cli.importing:import_",
    "verify": "kassa.cli.verifying:verify",
    "operations": "kassa.cli.operations:operations",
    "call": "kassa.cli.calling:call",
    "report": "kassa.cli.reporting:report",
    "worker": "kassa.cli.worker:worker",
    "jobs": "kassa.cli.jobs:jobs",
    "schedules": "kassa.cli.schedules:schedules",
    "webhooks": "kassa.cli.webhooks:webhooks",
    "events": "kassa.cli.events:events",
    "evidence": "kassa.cli.evidence:evidence",
    "token": "kassa.cli.tokens:token",
    "credential": "kassa.cli.credentials:credential",
    "settings": "kassa.cli.settings:settings",
    "plugins": "kassa.cli.describing:plugins",
    "hooks": "kassa.cli.describing:hooks",
    "rules": "kassa.cli.schemes:rules",
}


class Root(LazyGroup):
    """The outermost group: turns errors of Kassa into words and an exit status."""

    def invoke(self, context: click.Context) -> Any:
        """Run the command; an exception that is no error of Kassa's passes, for it is a fault."""
        from kassa.cli.problems import INTERRUPTED, show

        try:
            return super().invoke(context)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except KeyboardInterrupt:
            click.echo("Interrupted. What was committed stays; the same command goes on from there.", err=True)
            context.exit(INTERRUPTED)
        except Exception as error:
            status = show(error, session_of(context), as_json=bool(context.meta.get(AS_JSON)))
            if status is None:
                raise
            context.exit(status)


kassa = Root(
    "kassa",
    table=TABLE,
    entry_points=GROUP,
    help="Kassa sells, moves stock, posts invoices and keeps the books.\n\nBegin with `kassa demo --serve`, or with `kassa init` for an installation of your own.",
    epilog=EPILOG,
    params=global_options(),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    no_args_is_help=True,
)
kassa = click.version_option(__version__, prog_name="kassa")(kassa)
