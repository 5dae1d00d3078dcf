"""The version of the distribution; setup.cfg reads it from here, `kassa.__version__` repeats it."""

__version__ = "0.1.0"
