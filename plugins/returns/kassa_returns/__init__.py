"""Returns: returned goods, what becomes of them, and the credit notes for them; a plugin of Kassa."""

__version__ = "0.1.0"
