"""Kassa: a plugin-based, headless commerce engine."""

from kassa.version import __version__

__all__ = ["__version__"]
