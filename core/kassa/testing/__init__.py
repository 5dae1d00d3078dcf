"""The test kit of Kassa, for its own tests and for those of every plugin; pytest finds its fixtures by itself.

`make_engine` opens engines on a fresh SQLite file and on a fresh PostgreSQL database, one test for each. PostgreSQL is named
by KASSA_TEST_POSTGRES; KASSA_TEST_SQLITE_ONLY=1 leaves it out on purpose.
"""
