"""Returns: what the models of returns have from here on."""

from kassa import ddl_migration

requires: list[str] = ["core:0001_foundation"]

SQLITE = [
    (
        'CREATE TABLE "returns_reason_group" ("id" TEXT NOT NULL PRIMARY KEY, "legal_entity_id" TEXT NOT NULL, "code" TEXT NOT '
        'NULL, "name" TEXT NOT NULL, "version" INTEGER NOT NULL, UNIQUE (legal_entity_id, code), FOREIGN KEY (legal_entity_id) '
        "REFERENCES org_legal_entity (id), CHECK (version > 0)) STRICT"
    ),
    (
        'CREATE TABLE "returns_reason" ("reason_id" TEXT NOT NULL PRIMARY KEY, "legal_entity_id" TEXT NOT NULL, "group_id" TEXT, '
        '"charges" TEXT NOT NULL, "version" INTEGER NOT NULL, FOREIGN KEY (reason_id) REFERENCES org_reason_code (id), FOREIGN '
        "KEY (group_id) REFERENCES returns_reason_group (id), CHECK (version > 0)) STRICT"
    ),
    (
        'CREATE TABLE "returns_disposition" ("id" TEXT NOT NULL PRIMARY KEY, "legal_entity_id" TEXT NOT NULL, "code" TEXT NOT '
        'NULL, "name" TEXT NOT NULL, "action" TEXT NOT NULL, "charges" TEXT NOT NULL, "external_codes" TEXT NOT NULL, "active" '
        'INTEGER NOT NULL, "version" INTEGER NOT NULL, UNIQUE (legal_entity_id, code), FOREIGN KEY (legal_entity_id) REFERENCES '
        "org_legal_entity (id), CHECK (version > 0)) STRICT"
    ),
    (
        'CREATE TABLE "returns_order" ("document_id" TEXT NOT NULL PRIMARY KEY, "legal_entity_id" TEXT NOT NULL, "state" TEXT NOT'
        ' NULL, "reason_id" TEXT, "reason" TEXT, "deadline" TEXT NOT NULL, "warehouse_chosen" INTEGER NOT NULL, "address" TEXT, '
        "FOREIGN KEY (document_id, legal_entity_id) REFERENCES kernel_document (id, legal_entity_id), FOREIGN KEY (reason_id) "
        "REFERENCES org_reason_code (id), CHECK (state IN ('created', 'open', 'closed', 'cancelled', 'deleted'))) STRICT"
    ),
    'CREATE INDEX "returns_order_legal_entity_id_state_deadline" ON "returns_order" ("legal_entity_id", "state", "deadline")',
    (
        'CREATE TABLE "returns_line" ("line_id" TEXT NOT NULL PRIMARY KEY, "document_id" TEXT NOT NULL, "state" TEXT NOT NULL, '
        '"disposition" TEXT, "action" TEXT, "decided" INTEGER NOT NULL, "replacement_product_id" TEXT, "replacement_quantity" '
        'INTEGER, "slip_reference" TEXT, "late" INTEGER NOT NULL, "agreement" TEXT, FOREIGN KEY (line_id) REFERENCES '
        "sales_order_line (id), FOREIGN KEY (document_id) REFERENCES returns_order (document_id), CHECK (state IN ('expected', "
        "'quarantine', 'registered', 'received', 'invoiced', 'cancelled')), CHECK (replacement_quantity > 0)) STRICT"
    ),
    'CREATE INDEX "returns_line_document_id" ON "returns_line" ("document_id")',
    (
        'CREATE TABLE "returns_replacement" ("order_id" TEXT NOT NULL PRIMARY KEY, "return_id" TEXT NOT NULL, "upfront" INTEGER '
        'NOT NULL, "active" INTEGER NOT NULL, FOREIGN KEY (order_id) REFERENCES sales_order (document_id), FOREIGN KEY '
        "(return_id) REFERENCES returns_order (document_id)) STRICT"
    ),
    'CREATE INDEX "returns_replacement_return_id" ON "returns_replacement" ("return_id")',
    (
        'CREATE TABLE "returns_arrival" ("document_id" TEXT NOT NULL PRIMARY KEY, "legal_entity_id" TEXT NOT NULL, "note" TEXT, '
        "FOREIGN KEY (document_id, legal_entity_id) REFERENCES kernel_document (id, legal_entity_id)) STRICT"
    ),
    (
        "CREATE TRIGGER returns_arrival_no_update BEFORE UPDATE OF document_id, legal_entity_id, note ON returns_arrival BEGIN "
        "SELECT RAISE(ABORT, 'append-only: rows of returns_arrival never change'); END"
    ),
    (
        "CREATE TRIGGER returns_arrival_no_delete BEFORE DELETE ON returns_arrival BEGIN SELECT RAISE(ABORT, 'append-only: rows "
        "of returns_arrival never change'); END"
    ),
    (
        'CREATE TABLE "returns_arrival_line" ("document_id" TEXT NOT NULL, "number" INTEGER NOT NULL, "order_id" TEXT NOT NULL, '
        '"line_id" TEXT NOT NULL, "quantity" INTEGER NOT NULL, "disposition" TEXT, "quarantine_warehouse_id" TEXT, '
        '"quarantine_order_id" TEXT, "partial" INTEGER NOT NULL, "late" INTEGER NOT NULL, PRIMARY KEY ("document_id", "number"), '
        "FOREIGN KEY (document_id) REFERENCES returns_arrival (document_id), FOREIGN KEY (line_id) REFERENCES sales_order_line "
        "(id), CHECK (quantity > 0)) STRICT, WITHOUT ROWID"
    ),
    'CREATE INDEX "returns_arrival_line_line_id" ON "returns_arrival_line" ("line_id")',
    (
        "CREATE TRIGGER returns_arrival_line_no_update BEFORE UPDATE OF document_id, number, order_id, line_id, quantity, "
        "disposition, quarantine_warehouse_id, quarantine_order_id, partial, late ON returns_arrival_line BEGIN SELECT "
        "RAISE(ABORT, 'append-only: rows of returns_arrival_line never change'); END"
    ),
    (
        "CREATE TRIGGER returns_arrival_line_no_delete BEFORE DELETE ON returns_arrival_line BEGIN SELECT RAISE(ABORT, "
        "'append-only: rows of returns_arrival_line never change'); END"
    ),
    (
        'CREATE TABLE "returns_quarantine_order" ("document_id" TEXT NOT NULL PRIMARY KEY, "legal_entity_id" TEXT NOT NULL, '
        '"order_id" TEXT NOT NULL, "line_id" TEXT NOT NULL, "product_id" TEXT NOT NULL, "warehouse_id" TEXT NOT NULL, "quantity" '
        'INTEGER NOT NULL, "disposition" TEXT, FOREIGN KEY (document_id, legal_entity_id) REFERENCES kernel_document (id, '
        "legal_entity_id), FOREIGN KEY (line_id) REFERENCES sales_order_line (id), CHECK (quantity > 0)) STRICT"
    ),
    'CREATE INDEX "returns_quarantine_order_line_id" ON "returns_quarantine_order" ("line_id")',
    (
        'CREATE TABLE "returns_vendor_return" ("line_id" TEXT NOT NULL PRIMARY KEY, "vendor" TEXT NOT NULL, "quantity" INTEGER '
        'NOT NULL, "adjustment_id" TEXT NOT NULL, FOREIGN KEY (line_id) REFERENCES sales_order_line (id), CHECK (quantity > 0)) '
        "STRICT"
    ),
    (
        "CREATE TRIGGER returns_vendor_return_no_update BEFORE UPDATE OF line_id, vendor, quantity, adjustment_id ON "
        "returns_vendor_return BEGIN SELECT RAISE(ABORT, 'append-only: rows of returns_vendor_return never change'); END"
    ),
    (
        "CREATE TRIGGER returns_vendor_return_no_delete BEFORE DELETE ON returns_vendor_return BEGIN SELECT RAISE(ABORT, "
        "'append-only: rows of returns_vendor_return never change'); END"
    ),
    (
        'CREATE TABLE "returns_agreement" ("id" TEXT NOT NULL PRIMARY KEY, "legal_entity_id" TEXT NOT NULL, "code" TEXT NOT NULL,'
        ' "customer_id" TEXT NOT NULL, "product_id" TEXT NOT NULL, "committed" INTEGER NOT NULL, "fulfilled" INTEGER NOT NULL, '
        "UNIQUE (legal_entity_id, code), FOREIGN KEY (legal_entity_id) REFERENCES org_legal_entity (id), FOREIGN KEY "
        "(customer_id) REFERENCES parties_customer (id), FOREIGN KEY (product_id) REFERENCES catalog_product (id), CHECK "
        "(committed > 0)) STRICT"
    ),
]

POSTGRESQL = [
    (
        'CREATE TABLE "returns_reason_group" ("id" UUID NOT NULL PRIMARY KEY, "legal_entity_id" UUID NOT NULL, "code" TEXT NOT '
        'NULL, "name" TEXT NOT NULL, "version" BIGINT NOT NULL, UNIQUE (legal_entity_id, code), FOREIGN KEY (legal_entity_id) '
        "REFERENCES org_legal_entity (id), CHECK (version > 0))"
    ),
    (
        'CREATE TABLE "returns_reason" ("reason_id" UUID NOT NULL PRIMARY KEY, "legal_entity_id" UUID NOT NULL, "group_id" UUID, '
        '"charges" TEXT NOT NULL, "version" BIGINT NOT NULL, FOREIGN KEY (reason_id) REFERENCES org_reason_code (id), FOREIGN KEY'
        " (group_id) REFERENCES returns_reason_group (id), CHECK (version > 0))"
    ),
    (
        'CREATE TABLE "returns_disposition" ("id" UUID NOT NULL PRIMARY KEY, "legal_entity_id" UUID NOT NULL, "code" TEXT NOT '
        'NULL, "name" TEXT NOT NULL, "action" TEXT NOT NULL, "charges" TEXT NOT NULL, "external_codes" TEXT NOT NULL, "active" '
        'BOOLEAN NOT NULL, "version" BIGINT NOT NULL, UNIQUE (legal_entity_id, code), FOREIGN KEY (legal_entity_id) REFERENCES '
        "org_legal_entity (id), CHECK (version > 0))"
    ),
    (
        'CREATE TABLE "returns_order" ("document_id" UUID NOT NULL PRIMARY KEY, "legal_entity_id" UUID NOT NULL, "state" TEXT NOT'
        ' NULL, "reason_id" UUID, "reason" TEXT, "deadline" DATE NOT NULL, "warehouse_chosen" BOOLEAN NOT NULL, "address" TEXT, '
        "FOREIGN KEY (document_id, legal_entity_id) REFERENCES kernel_document (id, legal_entity_id), FOREIGN KEY (reason_id) "
        "REFERENCES org_reason_code (id), CHECK (state IN ('created', 'open', 'closed', 'cancelled', 'deleted')))"
    ),
    'CREATE INDEX "returns_order_legal_entity_id_state_deadline" ON "returns_order" ("legal_entity_id", "state", "deadline")',
    (
        'CREATE TABLE "returns_line" ("line_id" UUID NOT NULL PRIMARY KEY, "document_id" UUID NOT NULL, "state" TEXT NOT NULL, '
        '"disposition" TEXT, "action" TEXT, "decided" BOOLEAN NOT NULL, "replacement_product_id" UUID, "replacement_quantity" '
        'BIGINT, "slip_reference" TEXT, "late" BOOLEAN NOT NULL, "agreement" TEXT, FOREIGN KEY (line_id) REFERENCES '
        "sales_order_line (id), FOREIGN KEY (document_id) REFERENCES returns_order (document_id), CHECK (state IN ('expected', "
        "'quarantine', 'registered', 'received', 'invoiced', 'cancelled')), CHECK (replacement_quantity > 0))"
    ),
    'CREATE INDEX "returns_line_document_id" ON "returns_line" ("document_id")',
    (
        'CREATE TABLE "returns_replacement" ("order_id" UUID NOT NULL PRIMARY KEY, "return_id" UUID NOT NULL, "upfront" BOOLEAN '
        'NOT NULL, "active" BOOLEAN NOT NULL, FOREIGN KEY (order_id) REFERENCES sales_order (document_id), FOREIGN KEY '
        "(return_id) REFERENCES returns_order (document_id))"
    ),
    'CREATE INDEX "returns_replacement_return_id" ON "returns_replacement" ("return_id")',
    (
        'CREATE TABLE "returns_arrival" ("document_id" UUID NOT NULL PRIMARY KEY, "legal_entity_id" UUID NOT NULL, "note" TEXT, '
        "FOREIGN KEY (document_id, legal_entity_id) REFERENCES kernel_document (id, legal_entity_id))"
    ),
    (
        "CREATE TRIGGER returns_arrival_no_update BEFORE UPDATE OF document_id, legal_entity_id, note ON returns_arrival FOR EACH"
        " ROW EXECUTE FUNCTION kernel_refuse_change()"
    ),
    "CREATE TRIGGER returns_arrival_no_delete BEFORE DELETE ON returns_arrival FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()",
    (
        "CREATE TRIGGER returns_arrival_no_truncate BEFORE TRUNCATE ON returns_arrival FOR EACH STATEMENT EXECUTE FUNCTION "
        "kernel_refuse_change()"
    ),
    (
        'CREATE TABLE "returns_arrival_line" ("document_id" UUID NOT NULL, "number" BIGINT NOT NULL, "order_id" UUID NOT NULL, '
        '"line_id" UUID NOT NULL, "quantity" BIGINT NOT NULL, "disposition" TEXT, "quarantine_warehouse_id" UUID, '
        '"quarantine_order_id" UUID, "partial" BOOLEAN NOT NULL, "late" BOOLEAN NOT NULL, PRIMARY KEY ("document_id", "number"), '
        "FOREIGN KEY (document_id) REFERENCES returns_arrival (document_id), FOREIGN KEY (line_id) REFERENCES sales_order_line "
        "(id), CHECK (quantity > 0))"
    ),
    'CREATE INDEX "returns_arrival_line_line_id" ON "returns_arrival_line" ("line_id")',
    (
        "CREATE TRIGGER returns_arrival_line_no_update BEFORE UPDATE OF document_id, number, order_id, line_id, quantity, "
        "disposition, quarantine_warehouse_id, quarantine_order_id, partial, late ON returns_arrival_line FOR EACH ROW EXECUTE "
        "FUNCTION kernel_refuse_change()"
    ),
    (
        "CREATE TRIGGER returns_arrival_line_no_delete BEFORE DELETE ON returns_arrival_line FOR EACH ROW EXECUTE FUNCTION "
        "kernel_refuse_change()"
    ),
    (
        "CREATE TRIGGER returns_arrival_line_no_truncate BEFORE TRUNCATE ON returns_arrival_line FOR EACH STATEMENT EXECUTE "
        "FUNCTION kernel_refuse_change()"
    ),
    (
        'CREATE TABLE "returns_quarantine_order" ("document_id" UUID NOT NULL PRIMARY KEY, "legal_entity_id" UUID NOT NULL, '
        '"order_id" UUID NOT NULL, "line_id" UUID NOT NULL, "product_id" UUID NOT NULL, "warehouse_id" UUID NOT NULL, "quantity" '
        'BIGINT NOT NULL, "disposition" TEXT, FOREIGN KEY (document_id, legal_entity_id) REFERENCES kernel_document (id, '
        "legal_entity_id), FOREIGN KEY (line_id) REFERENCES sales_order_line (id), CHECK (quantity > 0))"
    ),
    'CREATE INDEX "returns_quarantine_order_line_id" ON "returns_quarantine_order" ("line_id")',
    (
        'CREATE TABLE "returns_vendor_return" ("line_id" UUID NOT NULL PRIMARY KEY, "vendor" TEXT NOT NULL, "quantity" BIGINT NOT'
        ' NULL, "adjustment_id" UUID NOT NULL, FOREIGN KEY (line_id) REFERENCES sales_order_line (id), CHECK (quantity > 0))'
    ),
    (
        "CREATE TRIGGER returns_vendor_return_no_update BEFORE UPDATE OF line_id, vendor, quantity, adjustment_id ON "
        "returns_vendor_return FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()"
    ),
    (
        "CREATE TRIGGER returns_vendor_return_no_delete BEFORE DELETE ON returns_vendor_return FOR EACH ROW EXECUTE FUNCTION "
        "kernel_refuse_change()"
    ),
    (
        "CREATE TRIGGER returns_vendor_return_no_truncate BEFORE TRUNCATE ON returns_vendor_return FOR EACH STATEMENT EXECUTE "
        "FUNCTION kernel_refuse_change()"
    ),
    (
        'CREATE TABLE "returns_agreement" ("id" UUID NOT NULL PRIMARY KEY, "legal_entity_id" UUID NOT NULL, "code" TEXT NOT NULL,'
        ' "customer_id" UUID NOT NULL, "product_id" UUID NOT NULL, "committed" BIGINT NOT NULL, "fulfilled" BIGINT NOT NULL, '
        "UNIQUE (legal_entity_id, code), FOREIGN KEY (legal_entity_id) REFERENCES org_legal_entity (id), FOREIGN KEY "
        "(customer_id) REFERENCES parties_customer (id), FOREIGN KEY (product_id) REFERENCES catalog_product (id), CHECK "
        "(committed > 0))"
    ),
]

up, down = ddl_migration(SQLITE, POSTGRESQL)
