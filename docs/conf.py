"""How Sphinx builds the documentation: MyST pages, the furo theme, warnings as errors (`make docs`)."""

import re
from pathlib import Path

from pygments.lexers.special import TextLexer
from sphinx.highlighting import lexers

ROOT = Path(__file__).resolve().parents[1]

project = "Kassa"
author = "The Kassa contributors"
copyright = f"2026, {author}"
release = re.search(r'__version__ = "(.+)"', (ROOT / "core/kassa/version.py").read_text(encoding="utf-8")).group(1)

extensions = ["myst_parser"]
myst_enable_extensions = ["deflist", "fieldlist"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]

# The hosting sites draw these diagrams; in the built pages their text is shown.
lexers["mermaid"] = TextLexer()

html_theme = "furo"
html_title = f"Kassa {release}"
