"""Points: what the models of loyalty have from here on."""

from kassa import ddl_migration

requires: list[str] = ["core:0001_foundation"]

SQLITE = [
    'CREATE TABLE "loyalty_account" ("customer_id" TEXT NOT NULL PRIMARY KEY, "points" INTEGER NOT NULL) STRICT',
]

POSTGRESQL = [
    'CREATE TABLE "loyalty_account" ("customer_id" UUID NOT NULL PRIMARY KEY, "points" BIGINT NOT NULL)',
]

up, down = ddl_migration(SQLITE, POSTGRESQL)
