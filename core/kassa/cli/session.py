"""What a command works with: the configuration, the registry, the engine, who acts, and in which legal entity."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kassa.cli.configuration import SQLITE, Configuration, read_configuration

if TYPE_CHECKING:
    from kassa.kernel.engine import Engine, Outcome
    from kassa.kernel.permissions import Actor
    from kassa.kernel.registry import Registry

ADMINISTRATOR = "local-administrator"


class Session:
    """One invocation of the command line; everything in it is made at its first use."""

    def __init__(self) -> None:
        self._options: dict[str, Any] = {}
        self._engine: Engine | None = None

    def give(self, option: str, value: Any) -> None:
        """Take a global option over; the one that stands last counts."""
        self._options[option] = value

    @cached_property
    def configuration(self) -> Configuration:
        """The configuration; ConfigurationError where it makes no sense."""
        return read_configuration(self._options)

    @cached_property
    def modules(self) -> Mapping[str, Any]:
        """The modules of the plugins that are installed and not blocked, by name."""
        from kassa.kernel import plugins

        return plugins.load(plugins.discover(self.configuration.block))

    @cached_property
    def registry(self) -> Registry:
        """What the rooms and the enabled plugins contribute; needs no database."""
        from kassa.kernel import registry

        return registry.build(self.modules)

    @cached_property
    def actor(self) -> Actor:
        """Who acts: whoever may start this command can read the database anyway, so nothing is forbidden.

        The name of the account stands in the audit trail.
        """
        import getpass

        from kassa.kernel.permissions import Actor

        try:
            account = getpass.getuser()
        except (KeyError, OSError):
            account = "unknown"
        return Actor(id=f"{ADMINISTRATOR}:{account}", name=f"{account} at the command line", kind="system", all_permissions=True)

    def connect(self) -> Engine:
        """Give the engine as it is, even where the database has no tables yet; Unavailable where it does not answer."""
        from kassa.kernel.engine import Engine

        if self._engine is None:
            configuration = self.configuration
            engine = Engine.open(configuration.database, modules=self.modules, providers=configuration.services)
            with ExitStack() as failing:
                failing.callback(engine.close)
                _reach(engine)
                failing.pop_all()
            self._engine = engine
        return self._engine

    def open(self) -> Engine:
        """Give the engine of a database that is there and has the tables of this version.

        Raises StartupError where it is absent, empty, or of another version.
        """
        from kassa.kernel.errors import StartupError

        if self._engine is None:
            url = self.configuration.database
            if url.startswith(SQLITE) and not Path(url.removeprefix(SQLITE)).is_file():
                raise StartupError(f"There is no database {url}. Make one with `kassa init`, or name another with --database.")
            check_migrated(self.connect())
        return self.connect()

    def close(self) -> None:
        """Close the engine, if one was opened."""
        if self._engine is not None:
            self._engine.close()
            self._engine = None

    def legal_entity_id(self, code: str | None = None) -> str | None:
        """The id of the legal entity of a code, else of the configured one, else of the only one there is; None for several.

        NotFound for an unknown code.
        """
        from kassa.org.access import find_legal_entity

        wanted = code or self.configuration.legal_entity
        if wanted is not None:
            return find_legal_entity(self.open(), self.actor, wanted)
        with self.open().database.snapshot() as read:
            found = read.rows("SELECT id FROM org_legal_entity LIMIT 2")
        return str(found[0][0]) if len(found) == 1 else None

    def perform(self, operation: str, command: Any, *, legal_entity: str | None = None, **options: Any) -> Outcome:
        """Perform an operation as the local administrator, in a legal entity by code; options are those of Engine.perform."""
        engine = self.open()
        chosen = engine.operation(operation)
        entity_id = self.legal_entity_id(legal_entity) if chosen.scope != "none" or legal_entity is not None else None
        if chosen.effect == "post" and options.get("key") is None:
            options["key"] = new_key()
        return engine.perform(chosen, command, actor=options.pop("actor", self.actor), legal_entity_id=entity_id, **options)

    def answer(self, operation: str, command: Any, **options: Any) -> Any:
        """Perform an operation and give its answer as JSON values."""
        return self.perform(operation, command, **options).body

    def items(self, operation: str, command: Mapping[str, Any] | None = None, **options: Any) -> list[dict[str, Any]]:
        """Read all pages of a collection."""
        found: list[dict[str, Any]] = []
        asked = {"limit": 500, **(command or {})}
        while True:
            page = self.answer(operation, asked, **options)
            found += page["items"]
            if page["next"] is None:
                return found
            asked["after"] = page["next"]


def new_key() -> str:
    """An idempotency key for an act that nobody will repeat."""
    from kassa.kernel.values import new_id

    return new_id()


def check_migrated(engine: Engine) -> None:
    """StartupError where migrations are waiting."""
    from kassa.kernel.errors import StartupError
    from kassa.kernel.migrations import pending

    waiting = pending(engine.database, engine.registry)
    if waiting:
        first = waiting[0].label
        raise StartupError(
            f"The database lacks {len(waiting)} migrations, the first being {first}. Run `kassa migrate`; for a new one `kassa init`."
        )


def _reach(engine: Engine) -> None:
    from kassa.kernel.errors import KassaError, StartupError, Unavailable

    try:
        with engine.database.snapshot() as read:
            read.value("SELECT 1")
    except KassaError:
        raise
    except Exception as error:
        words = " ".join(str(error).split())
        shown = hidden_password(engine.database.url)
        if engine.database.dialect == "sqlite":
            raise StartupError(f"{shown} cannot be opened: {words}. Correct --database, or what may be read and written there.") from error
        raise Unavailable(f"The database {shown} does not answer: {words}. Start it, or name another with --database.") from error


def hidden_password(url: str) -> str:
    """A database URL that can be shown."""
    scheme, slashes, rest = url.partition("://")
    user, at, place = rest.rpartition("@")
    return f"{scheme}{slashes}{user.partition(':')[0]}{at}{place}"
