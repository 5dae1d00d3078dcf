"""Configuration: options before the environment before kassa.toml before the defaults."""

import os
from pathlib import Path

import pytest

from kassa.cli.configuration import Configuration, ConfigurationError, read_configuration


def written(text, folder=None):
    path = (folder or Path()) / "kassa.toml"
    path.write_text(text)
    return path


def test_defaults():
    found = read_configuration({}, {})
    assert found == Configuration(database="sqlite:///kassa.db", block=(), host="127.0.0.1", port=8000, services={}, file=None)


def test_the_nearer_goes_before_the_farther():
    written('database = "sqlite:///file.db"\nport = 1\nblock = ["a"]\nlegal_entity = "F"\nhost = "file"\n[services]\n"x.y" = "one"\n')
    environment = {"KASSA_PORT": "2", "KASSA_BLOCK_PLUGINS": "b, c", "KASSA_SERVICES": "x.y=two", "KASSA_HOST": "variable"}
    found = read_configuration({"host": "option", "database": None, "block": ()}, environment)
    assert (found.database, found.port, found.block, found.legal_entity) == ("sqlite:///file.db", 2, ("b", "c"), "F")
    assert (found.host, found.services) == ("option", {"x.y": "two"})


def test_a_relative_database_lies_beside_its_file(tmp_path):
    folder = tmp_path / "etc"
    folder.mkdir()
    path = written('database = "sqlite:///shop.db"', folder)
    assert read_configuration({"config": path}, {}).database == f"sqlite:///{folder}/shop.db"
    assert read_configuration({}, {"KASSA_CONFIG": str(path)}).file == path
    path.write_text('database = "postgresql://kassa@db/kassa"')
    assert read_configuration({"config": path}, {}).database == "postgresql://kassa@db/kassa"


@pytest.mark.parametrize(
    "text, said",
    [
        ('databse = "x"', "'databse', which is not known"),
        ("database = 1", "expected a text for 'database'"),
        ('block = "all"', "expected a list of texts for 'block'"),
        ("block = [1]", "expected a list of texts for 'block'"),
        ("port = 70000", "expected a whole number of 1 to 65535"),
        ('port = "80"', "expected a number for 'port'"),
        ("[services]\na = 1", "expected a table of texts"),
        ('[environment]\nPATH = "x"', "start with KASSA_"),
        ("port = ", "Expected TOML"),
    ],
)
def test_what_makes_no_sense_is_refused(text, said):
    written(text)
    with pytest.raises(ConfigurationError, match=said):
        read_configuration({}, {})


@pytest.mark.parametrize("name, text", [("KASSA_PORT", "http"), ("KASSA_PORT", "0"), ("KASSA_SERVICES", "port")])
def test_variables_that_make_no_sense_are_refused(name, text):
    with pytest.raises(ConfigurationError, match=name):
        read_configuration({}, {name: text})


def test_a_file_that_is_not_there_is_refused(kassa):
    assert "There is no configuration file" in kassa("--config", "none.toml", "verify", status=3).stderr


def test_a_wrong_file_stops_the_command_without_a_stack(kassa):
    written("port = -1")
    shown = kassa("verify", status=3)
    assert "Cannot start: kassa.toml: port is '-1'" in shown.stderr
    assert "Traceback" not in shown.output


def test_the_host_gets_it_as_variables(monkeypatch):
    variables = {"KASSA_LOG": "off"}
    found = Configuration(port=81, block=("a", "b"), services={"p": "q"}, environment={"KASSA_LOG": "json", "KASSA_TITLE": "Shop"})
    found.export(variables)
    assert variables == {
        "KASSA_LOG": "off",
        "KASSA_TITLE": "Shop",
        "KASSA_DATABASE": "sqlite:///kassa.db",
        "KASSA_BLOCK_PLUGINS": "a,b",
        "KASSA_HOST": "127.0.0.1",
        "KASSA_PORT": "81",
        "KASSA_SERVICES": "p=q",
    }
    again = read_configuration({}, variables)
    assert (again.port, again.block, again.services) == (81, ("a", "b"), {"p": "q"})
    assert "KASSA_TITLE" not in os.environ


def test_global_options_stand_before_or_after_the_command(kassa, tmp_path):
    kassa("init", "--yes")
    assert kassa("--database", "sqlite:///none.db", "verify", "--database", kassa.url).exit_code == 0
    assert "There is no database sqlite:///none.db" in kassa("verify", "--database", "sqlite:///none.db", status=3).stderr
