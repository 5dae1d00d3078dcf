"""All generated pages of the project's documentation."""

from __future__ import annotations

from kassa.testing.reference.described import Described
from kassa.testing.reference.errors import errors_pages
from kassa.testing.reference.hooks import hooks_page
from kassa.testing.reference.operations import documents_page, operations_page
from kassa.testing.reference.vocabulary import events_page, invariants_page, permissions_page, settings_page


def pages(described: Described) -> dict[str, str]:
    """The text of each page by its path below `docs`."""
    return {
        "hooks.md": hooks_page(described),
        "operations.md": operations_page(described),
        "documents.md": documents_page(described),
        "events.md": events_page(described),
        "settings.md": settings_page(described),
        "permissions.md": permissions_page(described),
        "invariants.md": invariants_page(described),
        **errors_pages(described),
    }
