"""Finds the packages folder by folder, so that a new plugin or sub-package needs no edit; the metadata stands in setup.cfg."""

from pathlib import Path

from setuptools import find_packages, setup

ROOT = Path(__file__).resolve().parent


def package_folders() -> list[Path]:
    """The folders that hold a top package each: core and demo, then plugins and hosts by name; absent and package-less ones give nothing."""
    return [ROOT / "core", ROOT / "demo", *sorted(ROOT.glob("plugins/*/")), *sorted(ROOT.glob("hosts/*/"))]


packages: list[str] = []
package_dir: dict[str, str] = {}
for folder in filter(Path.is_dir, package_folders()):
    for package in find_packages(str(folder), include=["kassa", "kassa.*", "kassa_*"]):
        packages.append(package)
        if "." not in package:
            package_dir[package] = f"{folder.relative_to(ROOT).as_posix()}/{package}"

setup(packages=packages, package_dir=package_dir)
