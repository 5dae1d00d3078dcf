"""Where the data of the demo lies: files beside this module, in a checkout as in an installed wheel."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).resolve().parent
MAPPING = FOLDER / "online_retail.toml"
MONTH = FOLDER / "online_retail_2010_12.csv.gz"
"""December 2010: 42,481 lines."""
DAY = FOLDER / "online_retail_2010_12_01.csv.gz"
"""1 December 2010: 3,108 lines, for a quick look and for tests."""
FIRST_DAY = "2010-12-01"
