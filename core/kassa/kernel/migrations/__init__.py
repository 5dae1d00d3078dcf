"""Migrations: numbered changes of the tables, one folder an owner, applied once, in one order, by one process at a time.

The rooms of the core are one owner, `core`; each plugin is one of its own. A file is named by owner and name, such as
`core:0001_foundation`, and says in `requires` which files of other owners must stand before it.
"""

from kassa.kernel.migrations.files import CORE, Migration, Owner, owners, plan
from kassa.kernel.migrations.lock import migration_lock
from kassa.kernel.migrations.making import make
from kassa.kernel.migrations.runner import migrate, pending, revert
from kassa.kernel.migrations.schema import create_schema, differences
from kassa.kernel.migrations.statements import ddl_migration

__all__ = [
    "CORE",
    "Migration",
    "Owner",
    "create_schema",
    "ddl_migration",
    "differences",
    "make",
    "migrate",
    "migration_lock",
    "owners",
    "pending",
    "plan",
    "revert",
]
