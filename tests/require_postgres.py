"""Says whether the tests can run on PostgreSQL: ends with 0 when the database answers or is left out on purpose, else with 1.

A missing database must fail the tests, not thin them out, because half of what they promise is about PostgreSQL.
"""

import os
import sys

import psycopg
from psycopg.conninfo import conninfo_to_dict

SECONDS_TO_CONNECT = 5

ADVICE = """\
Start PostgreSQL with an empty database for the tests and name it, for example
    KASSA_TEST_POSTGRES=postgresql://user:password@127.0.0.1:5432/kassa_test make test
or leave PostgreSQL out on purpose:
    KASSA_TEST_SQLITE_ONLY=1 make test"""


def complaint() -> str | None:
    """What stands in the way of tests on PostgreSQL, or None; never with the password of the URL."""
    if os.environ.get("KASSA_TEST_SQLITE_ONLY") == "1":
        return None
    url = os.environ.get("KASSA_TEST_POSTGRES")
    if not url:
        return "The tests need PostgreSQL, but KASSA_TEST_POSTGRES names no database."
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        return "KASSA_TEST_POSTGRES is no PostgreSQL URL; expected postgresql://user:password@host:port/database."
    place = f"{parts.get('host', 'localhost')}:{parts.get('port', 5432)}/{parts.get('dbname', '')}"
    try:
        psycopg.connect(url, connect_timeout=SECONDS_TO_CONNECT).close()
    except psycopg.OperationalError as error:
        return f"The tests need PostgreSQL, but none answers at {place}: {error}".strip()
    return None


if __name__ == "__main__":
    found = complaint()
    if found:
        sys.exit(f"{found}\n{ADVICE}")
