"""What a user installs: every file of the tree, one version, declared and pinned dependencies, entry points that load."""

import configparser
import re
import subprocess
import sys
from importlib.metadata import distribution, packages_distributions

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import kassa

# Only who tests a plugin needs these, and brings them along.
TEST_KIT = {"pytest", "hypothesis"}
IGNORED = {"__pycache__", ".mypy_cache", ".ruff_cache"}


@pytest.fixture(scope="module")
def settings(root) -> configparser.ConfigParser:
    """The content of setup.cfg."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(root / "setup.cfg", encoding="utf-8")
    return parser


def _requirements(text: str) -> dict[str, Requirement]:
    lines = (line.split("#")[0].strip() for line in text.split("\n"))
    return {canonicalize_name(found.name): found for found in map(Requirement, filter(None, lines))}


def _top_packages(root) -> list:
    """The folders of the packages that are installed, as they stand in the tree."""
    folders = [root / "core" / "kassa", *root.glob("plugins/*/kassa_*"), *root.glob("hosts/*/kassa_*")]
    return sorted(folder for folder in folders if (folder / "__init__.py").is_file())


def test_the_version_is_told_once(settings):
    assert distribution("kassa").version == kassa.__version__
    assert settings["metadata"]["version"] == "attr: kassa.version.__version__"


def test_every_file_of_a_package_is_built(root, tmp_path):
    command = [sys.executable, "setup.py", "--quiet", "build_py", "--build-lib", str(tmp_path)]
    subprocess.run(command, cwd=root, check=True, capture_output=True, text=True)
    for package in _top_packages(root):
        files = (path for path in package.rglob("*") if path.is_file() and not IGNORED & set(path.parts))
        in_tree = {path.relative_to(package).as_posix() for path in files}
        built = {path.relative_to(tmp_path / package.name).as_posix() for path in (tmp_path / package.name).rglob("*") if path.is_file()}
        assert built == in_tree, "name other kinds of files in [options.package_data], and give each sub-package an __init__.py"


def test_every_package_is_typed(root):
    assert [str(package) for package in _top_packages(root) if not (package / "py.typed").is_file()] == []


def test_checkers_know_every_package(root, settings):
    linted = settings["importlinter"]["root_packages"].split()
    typed = settings["mypy"]["mypy_path"].replace("$MYPY_CONFIG_FILE_DIR/", "").split(":")
    for package in _top_packages(root):
        assert package.name in linted, "add it to root_packages in [importlinter]"
        assert package.parent.relative_to(root).as_posix() in typed, "add its folder to mypy_path in [mypy]"


def test_every_import_is_declared(root, settings, sources, refuse):
    declared = _requirements(settings["options"]["install_requires"])
    owners = packages_distributions()
    undeclared = []
    for source in sources("core", "plugins", "hosts"):
        allowed = TEST_KIT if source.path.startswith("core/kassa/testing/") else set()
        for node, module in source.imports():
            top = module.split(".")[0]
            if top in sys.stdlib_module_names or top.split("_")[0] == "kassa" or top in allowed:
                continue
            if not any(canonicalize_name(owner) in declared for owner in owners.get(top, [])):
                undeclared.append(f"{source.at(node)} {top}")
    refuse(undeclared, "Name the library in install_requires of setup.cfg, with a range; or do without it.")


def test_every_requirement_is_pinned_within_its_range(root, settings):
    pins = _requirements((root / "constraints.txt").read_text(encoding="utf-8"))
    texts = [settings["options"]["install_requires"], *settings["options.extras_require"].values()]
    for name, wanted in (item for text in texts for item in _requirements(text).items()):
        assert name in pins, f"{name} is not pinned: run `make constraints`"
        (pin,) = pins[name].specifier
        assert pin.operator == "=="
        assert wanted.specifier.contains(pin.version), f"constraints.txt pins {pins[name]}, setup.cfg wants {wanted}"


def test_every_entry_point_loads():
    named = {f"{entry.group}: {entry.name}": entry for entry in distribution("kassa").entry_points}
    assert {"console_scripts: kassa", "kassa.hosts: flask", "pytest11: kassa"} <= set(named)
    assert [name for name, entry in named.items() if entry.load() is None] == []


def test_licence_and_credits_are_shipped(root):
    assert re.search(r"Apache License\s+Version 2\.0, January 2004", (root / "LICENSE").read_text(encoding="utf-8"))
    assert "10.24432/C5BW33" in (root / "NOTICE").read_text(encoding="utf-8")
    shipped = {path.name for path in distribution("kassa").files or [] if "licenses" in path.parts}
    assert {"LICENSE", "NOTICE"} <= shipped
