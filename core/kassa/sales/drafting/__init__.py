"""Drafting: carts, quotes and edits in progress are orders in state draft, kept as a whole until they are committed or dropped."""
