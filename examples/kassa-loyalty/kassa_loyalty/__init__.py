"""Points for customers: a plugin of Kassa."""

__version__ = "0.1.0"
