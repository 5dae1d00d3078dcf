"""The command line: `kassa`, for who sets an installation up, looks into it, or drives it from a script.

    main.py           the command `kassa`: its global options, its subcommands, what becomes of errors
    commands.py       commands that are imported when they are asked for, and take the global options too
    configuration.py  kassa.toml, KASSA_* and options            session.py   the engine, the actor, the legal entity of a command
    output.py         tables, JSON, progress                     problems.py  errors in words, and the exit status
    one module a group of subcommands: setting_up, serving, importing, verifying, describing, calling, reporting, job_control …

Exit status: 0 done, 1 refused or something was found, 2 wrong usage, 3 it cannot start, 4 unavailable or the outcome is unknown.
"""

from __future__ import annotations


def main() -> None:
    """Run the command line with the arguments of the process, and end the process with its exit status."""
    from kassa.cli.main import kassa

    kassa.main(prog_name="kassa")


__all__ = ["main"]
