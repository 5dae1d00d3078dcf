"""What an import is asked to do."""

from __future__ import annotations

import attrs

from kassa.kernel.schema import Text


@attrs.frozen(kw_only=True)
class ImportSales:
    """Loads the sales of another system from a file of invoice lines.

    Documents that are in already are passed over, so an import can be repeated; the fingerprints tell a resumed import that
    it still reads what it began with.
    """

    file: str = attrs.field(metadata={"description": "Path of the CSV file, plain or gz.", "examples": ["sales.csv.gz"]})
    mapping: str = attrs.field(metadata={"description": "Path of the mapping.", "examples": ["mapping.toml"]})
    rejects: str | None = attrs.field(default=None, metadata={"description": "Path of the file that gets rejected rows."})
    create: bool = attrs.field(default=True, metadata={"description": "Create products, customers and opening stock that are missing."})
    file_fingerprint: Text = attrs.field(metadata={"description": "SHA-256 of the file.", "examples": ["9f86d081…"]})
    mapping_fingerprint: Text = attrs.field(metadata={"description": "SHA-256 of the mapping.", "examples": ["60303ae2…"]})
