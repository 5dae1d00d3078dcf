"""Configuration: options of the command line, else KASSA_* in the environment, else kassa.toml, else the defaults.

# kassa.toml, in the folder where `kassa` is started (or named by --config or KASSA_CONFIG)
database = "sqlite:///kassa.db"     # KASSA_DATABASE; a relative file lies beside kassa.toml
block = ["name"]                    # KASSA_BLOCK_PLUGINS, comma-separated; "*" blocks every plugin
legal_entity = "NL01"               # KASSA_LEGAL_ENTITY: which one commands act in, where there are several
host = "127.0.0.1"                  # KASSA_HOST and
port = 8000                         # KASSA_PORT: where `kassa serve` listens

[services]                          # KASSA_SERVICES, "port=provider" comma-separated: the active provider of a port,
"payments.card" = "terminal"        # where several plugins provide it

[environment]                       # further KASSA_* variables, for the host: log form, limits, workers …
KASSA_LOG = "console"
"""

from __future__ import annotations

import os
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import Any

import attrs

FILE = "kassa.toml"
PREFIX = "KASSA_"
DEFAULT_DATABASE = "sqlite:///kassa.db"
SQLITE = "sqlite:///"
HIGHEST_PORT = 65535


class ConfigurationError(Exception):
    """The configuration makes no sense; the text names the place and what was expected."""


@attrs.frozen(kw_only=True)
class Configuration:
    """Which installation the commands work on, and where it is served. `file` is the kassa.toml that was read, if any."""

    database: str = DEFAULT_DATABASE
    block: tuple[str, ...] = ()
    legal_entity: str | None = None
    host: str = "127.0.0.1"
    port: int = 8000
    services: Mapping[str, str] = attrs.field(factory=dict)
    environment: Mapping[str, str] = attrs.field(factory=dict)
    file: Path | None = None

    def export(self, variables: MutableMapping[str, str]) -> None:
        """Write the configuration as KASSA_* variables, by which a host and its worker processes get it."""
        for variable, text in self.environment.items():
            variables.setdefault(variable, text)
        variables["KASSA_DATABASE"] = self.database
        variables["KASSA_BLOCK_PLUGINS"] = ",".join(self.block)
        variables["KASSA_HOST"] = self.host
        variables["KASSA_PORT"] = str(self.port)
        variables["KASSA_SERVICES"] = ",".join(f"{port}={provider}" for port, provider in self.services.items())


def read_configuration(
    options: Mapping[str, Any], environment: Mapping[str, str] | None = None, folder: Path | None = None
) -> Configuration:
    """Put the configuration together; `options` are those of the command line, None where one was not given.

    Raises ConfigurationError for a file that is absent or no TOML, a key that is not known, a value of another type.
    """
    variables = os.environ if environment is None else environment
    path = _file(options.get("config") or variables.get("KASSA_CONFIG"), folder or Path())
    values: dict[str, Any] = {**_of_file(path), **_of_variables(variables)}
    values |= {name: value for name, value in options.items() if name != "config" and value not in (None, ())}
    if path is not None:
        values["file"] = path
    return Configuration(**values)


def _file(named: Any, folder: Path) -> Path | None:
    if named is None:
        usual = folder / FILE
        return usual if usual.is_file() else None
    path = Path(named)
    if not path.is_file():
        raise ConfigurationError(f"There is no configuration file {path}. Correct --config or KASSA_CONFIG.")
    return path


def _of_file(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    import tomllib

    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(f"{path} cannot be read: {error}. Expected TOML in UTF-8.") from error
    values = {name: _checked(path, name, value) for name, value in data.items()}
    if "database" in values:
        values["database"] = beside(values["database"], path.parent)
    return values


def beside(url: str, folder: Path) -> str:
    """The URL of a database whose relative SQLite file lies in a folder; any other URL stays as it is."""
    name = url.removeprefix(SQLITE)
    if not url.startswith(SQLITE) or Path(name).is_absolute() or folder == Path():
        return url
    return f"{SQLITE}{folder / name}"


def _checked(path: Path, name: str, value: Any) -> Any:
    expected = {
        "database": (str, "a text"),
        "legal_entity": (str, "a text"),
        "host": (str, "a text"),
        "port": (int, "a number"),
        "block": (list, "a list of texts"),
        "services": (dict, "a table of texts"),
        "environment": (dict, "a table of texts"),
    }
    if name not in expected:
        raise ConfigurationError(f"{path} has the key {name!r}, which is not known. The keys are: {', '.join(expected)}.")
    kind, words = expected[name]
    fits = type(value) is kind
    if fits and kind is not str and kind is not int:
        fits = all(isinstance(part, str) for part in (value.values() if kind is dict else value))
    if not fits:
        raise ConfigurationError(f"{path}: expected {words} for {name!r}, got {value!r}.")
    if name == "environment" and not all(variable.startswith(PREFIX) for variable in value):
        raise ConfigurationError(f"{path}: the names in [environment] start with {PREFIX}; got {', '.join(value)}.")
    if name == "port":
        return port_number(str(value), f"{path}: port")
    return tuple(value) if kind is list else value


def _of_variables(variables: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for variable, name in (("KASSA_DATABASE", "database"), ("KASSA_LEGAL_ENTITY", "legal_entity"), ("KASSA_HOST", "host")):
        if variables.get(variable):
            values[name] = variables[variable]
    if variables.get("KASSA_PORT"):
        values["port"] = port_number(variables["KASSA_PORT"], "KASSA_PORT")
    if variables.get("KASSA_BLOCK_PLUGINS"):
        values["block"] = tuple(name.strip() for name in variables["KASSA_BLOCK_PLUGINS"].split(",") if name.strip())
    if variables.get("KASSA_SERVICES"):
        values["services"] = _services(variables["KASSA_SERVICES"])
    return values


def port_number(text: str, where: str) -> int:
    """The number of a TCP port; ConfigurationError names where something else stands."""
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= HIGHEST_PORT:
        raise ConfigurationError(f"{where} is {text!r}; expected a whole number of 1 to {HIGHEST_PORT}.")
    return int(text)


def _services(text: str) -> dict[str, str]:
    found = {}
    for part in filter(None, map(str.strip, text.split(","))):
        port, equals, provider = part.partition("=")
        if not equals or not port or not provider:
            raise ConfigurationError(f"KASSA_SERVICES holds {part!r}; expected port=provider, several separated by commas.")
        found[port] = provider
    return found
