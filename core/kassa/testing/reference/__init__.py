"""The reference pages: made from what the rooms and plugins contribute, so that they cannot say anything else.

`describe` collects the contributions, `pages` gives the text of each page by its path, `plugin_page` one page about one
plugin. Nothing is written here; `docs/generate.py` writes the pages of the project, and a test compares them.
"""

from kassa.testing.reference.described import Described, describe
from kassa.testing.reference.everything import pages
from kassa.testing.reference.plugin import plugin_page

__all__ = ["Described", "describe", "pages", "plugin_page"]
