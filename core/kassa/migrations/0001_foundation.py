"""Foundation: what the models of core have from here on."""

from kassa.kernel.migrations import ddl_migration

requires: list[str] = []

SQLITE = [
    (
        'CREATE TABLE "org_legal_entity" ("id" TEXT NOT NULL PRIMARY KEY, "code" TEXT NOT NULL, "name" TEXT NOT NULL, "currency" '
        'TEXT NOT NULL, "time_zone" TEXT NOT NULL, "country" TEXT, "version" INTEGER NOT NULL, CHECK (version > 0)) STRICT'
    ),
    'CREATE UNIQUE INDEX "org_legal_entity_code" ON "org_legal_entity" ("code")',
    (
        'CREATE TABLE "catalog_item_model_group" ("id" TEXT NOT NULL PRIMARY KEY, "legal_entity_id" TEXT, "code" TEXT NOT NULL, '
        '"costing" TEXT NOT NULL, "stocked" INTEGER NOT NULL, "post_physical" INTEGER NOT NULL, "quarantine_management" INTEGER '
        'NOT NULL, "negative_stock" TEXT, "version" INTEGER NOT NULL, FOREIGN KEY (legal_entity_id) REFERENCES org_legal_entity '
        "(id), CHECK (costing IN ('moving_average', 'standard', 'fifo')), CHECK (negative_stock IN ('refuse', 'warn', 'allow')), "
        "CHECK (version > 0)) STRICT"
    ),
    (
        "CREATE UNIQUE INDEX catalog_item_model_group_code ON catalog_item_model_group (code, (coalesce(legal_entity_id, "
        "'00000000-0000-0000-0000-000000000000')))"
    ),
    (
        'CREATE TABLE "catalog_category" ("id" TEXT NOT NULL PRIMARY KEY, "code" TEXT NOT NULL, "name" TEXT NOT NULL, "parent_id"'
        ' TEXT, "path" TEXT NOT NULL, "return_policy" TEXT, "version" INTEGER NOT NULL, FOREIGN KEY (parent_id) REFERENCES '
        "catalog_category (id), CHECK (version > 0)) STRICT"
    ),
    'CREATE UNIQUE INDEX "catalog_category_code" ON "catalog_category" ("code")',
    'CREATE INDEX "catalog_category_path" ON "catalog_category" ("path")',
    (
        'CREATE TABLE "catalog_product" ("id" TEXT NOT NULL PRIMARY KEY, "number" TEXT NOT NULL, "name" TEXT NOT NULL, '
        '"category_id" TEXT, "kind" TEXT NOT NULL, "unit" TEXT NOT NULL, "item_model_group" TEXT, "keywords" TEXT NOT NULL, '
        '"master_id" TEXT, "dimensions" TEXT, "size" TEXT, "colour" TEXT, "style" TEXT, "configuration" TEXT, "search_name" TEXT '
        'NOT NULL, "search_more" TEXT NOT NULL, "version" INTEGER NOT NULL, FOREIGN KEY (category_id) REFERENCES catalog_category'
        " (id), FOREIGN KEY (master_id) REFERENCES catalog_product (id), CHECK (master_id IS NULL OR dimensions IS NULL), CHECK "
        "(kind IN ('goods', 'service')), CHECK (kind = 'service' OR item_model_group IS NOT NULL), CHECK (version > 0)) STRICT"
    ),
    'CREATE UNIQUE INDEX "catalog_product_number" ON "catalog_product" ("number")',
    'CREATE INDEX "catalog_product_category_id" ON "catalog_product" ("category_id")',
    (
        "CREATE UNIQUE INDEX catalog_product_variant ON catalog_product (master_id, (coalesce(size, '')), (coalesce(colour, '')),"
        " (coalesce(style, '')), (coalesce(configuration, ''))) WHERE master_id IS NOT NULL"
    ),
    "CREATE TABLE catalog_search_place (place INTEGER PRIMARY KEY, product_id TEXT NOT NULL UNIQUE) STRICT",
    (
        "CREATE VIRTUAL TABLE catalog_search USING fts5 (search_name, search_more, content = '', tokenize = 'unicode61 "
        "remove_diacritics 0', prefix = '2 3')"
    ),
    (
        'CREATE TABLE "catalog_barcode" ("code" TEXT NOT NULL PRIMARY KEY, "barcode" TEXT NOT NULL, "product_id" TEXT NOT NULL, '
        '"kind" TEXT NOT NULL, "active" INTEGER NOT NULL, FOREIGN KEY (product_id) REFERENCES catalog_product (id), CHECK (kind '
        "IN ('gtin', 'internal'))) STRICT"
    ),
    'CREATE INDEX "catalog_barcode_product_id" ON "catalog_barcode" ("product_id")',
    (
        'CREATE TABLE "catalog_release" ("product_id" TEXT NOT NULL, "legal_entity_id" TEXT NOT NULL, "tax_group" TEXT, '
        '"standard_cost_micro" INTEGER NOT NULL, "blocked" INTEGER NOT NULL, "version" INTEGER NOT NULL, PRIMARY KEY '
        '("product_id", "legal_entity_id"), FOREIGN KEY (product_id) REFERENCES catalog_product (id), FOREIGN KEY '
        "(legal_entity_id) REFERENCES org_legal_entity (id), CHECK (standard_cost_micro >= 0), CHECK (version > 0)) STRICT"
    ),
    (
        'CREATE TABLE "org_warehouse" ("id" TEXT NOT NULL PRIMARY KEY, "legal_entity_id" TEXT NOT NULL, "code" TEXT NOT NULL, '
        '"name" TEXT NOT NULL, "kind" TEXT NOT NULL, "store_id" TEXT, "quarantine_warehouse_id" TEXT, "return_place_id" TEXT, '
        '"address" TEXT, "version" INTEGER NOT NULL, UNIQUE (id, legal_entity_id), UNIQUE (legal_entity_id, code), FOREIGN KEY '
        "(legal_entity_id) REFERENCES org_legal_entity (id), FOREIGN KEY (quarantine_warehouse_id, legal_entity_id) REFERENCES "
        "org_warehouse (id, legal_entity_id), CHECK (kind IN ('store', 'non_store', 'quarantine')), CHECK (version > 0)) STRICT"
    ),
    (
        'CREATE TABLE "org_profile" ("id" TEXT NOT NULL PRIMARY KEY, "legal_entity_id" TEXT NOT NULL, "code" TEXT NOT NULL, '
        '"name" TEXT NOT NULL, "version" INTEGER NOT NULL, UNIQUE (id, legal_entity_id), UNIQUE (legal_entity_id, code), FOREIGN '
        "KEY (legal_entity_id) REFERENCES org_legal_entity (id), CHECK (version > 0)) STRICT"
    ),
    (
        'CREATE TABLE "org_store" ("id" TEXT NOT NULL PRIMARY KEY, "legal_entity_id" TEXT NOT NULL, "number" TEXT NOT NULL, '
        '"name" TEXT NOT NULL, "time_zone" TEXT NOT NULL, "currency" TEXT NOT NULL, "warehouse_id" TEXT NOT NULL, '
        '"price_includes_tax" INTEGER NOT NULL, "profile_id" TEXT, "status" TEXT NOT NULL, "opens_on" TEXT, "closes_on" TEXT, '
        '"address" TEXT, "version" INTEGER NOT NULL, UNIQUE (id, legal_entity_id), UNIQUE (legal_entity_id, number), FOREIGN KEY '
        "(legal_entity_id) REFERENCES org_legal_entity (id), FOREIGN KEY (warehouse_id, legal_entity_id) REFERENCES org_warehouse"
        " (id, legal_entity_id), FOREIGN KEY (profile_id, legal_entity_id) REFERENCES org_profile (id, legal_entity_id), CHECK "
        "(closes_on IS NULL OR opens_on IS NULL OR closes_on >= opens_on), CHECK (status IN ('open', 'closed')), CHECK (version >"
        " 0)) STRICT"
    ),
    (
        'CREATE TABLE "catalog_price_list" ("id" TEXT NOT NULL PRIMARY KEY, "legal_entity_id" TEXT NOT NULL, "code" TEXT NOT '
        'NULL, "name" TEXT NOT NULL, "currency" TEXT NOT NULL, "store_id" TEXT, "priority" INTEGER NOT NULL, "includes_tax" '
        'INTEGER, "version" INTEGER NOT NULL, UNIQUE (legal_entity_id, code), FOREIGN KEY (legal_entity_id) REFERENCES '
        "org_legal_entity (id), FOREIGN KEY (store_id, legal_entity_id) REFERENCES org_store (id, legal_entity_id), CHECK "
        "(version > 0)) STRICT"
    ),
    (
        'CREATE TABLE "catalog_price" ("id" TEXT NOT NULL PRIMARY KEY, "price_list_id" TEXT NOT NULL, "product_id" TEXT NOT NULL,'
        ' "from_date" TEXT NOT NULL, "to_date" TEXT, "unit_price_micro" INTEGER NOT NULL, "entered_at" INTEGER NOT NULL, FOREIGN '
        "KEY (price_list_id) REFERENCES catalog_price_list (id), FOREIGN KEY (product_id) REFERENCES catalog_product (id), CHECK "
        "(unit_price_micro >= 0), CHECK (to_date IS NULL OR to_date >= from_date)) STRICT"
    ),
    'CREATE INDEX "catalog_price_product_id_price_list_id" ON "catalog_price" ("product_id", "price_list_id")',
    (
        "CREATE TRIGGER catalog_price_no_update BEFORE UPDATE OF id, price_list_id, product_id, from_date, to_date, "
        "unit_price_micro, entered_at ON catalog_price BEGIN SELECT RAISE(ABORT, 'append-only: rows of catalog_price never "
        "change'); END"
    ),
    (
        "CREATE TRIGGER catalog_price_no_delete BEFORE DELETE ON catalog_price BEGIN SELECT RAISE(ABORT, 'append-only: rows of "
        "catalog_price never change'); END"
    ),
    (
        'CREATE TABLE "catalog_discount" ("id" TEXT NOT NULL PRIMARY KEY, "legal_entity_id" TEXT NOT NULL, "code" TEXT NOT NULL, '
        '"name" TEXT NOT NULL, "product_id" TEXT, "category_id" TEXT, "store_id" TEXT, "price_list_id" TEXT, "rate_micro" '
        'INTEGER, "amount_micro" INTEGER, "currency" TEXT, "minimum_quantity" INTEGER NOT NULL, "from_date" TEXT NOT NULL, '
        '"to_date" TEXT, "active" INTEGER NOT NULL, "version" INTEGER NOT NULL, UNIQUE (legal_entity_id, code), FOREIGN KEY '
        "(legal_entity_id) REFERENCES org_legal_entity (id), FOREIGN KEY (product_id) REFERENCES catalog_product (id), FOREIGN "
        "KEY (category_id) REFERENCES catalog_category (id), FOREIGN KEY (store_id, legal_entity_id) REFERENCES org_store (id, "
        "legal_entity_id), FOREIGN KEY (price_list_id) REFERENCES catalog_price_list (id), CHECK (product_id IS NULL OR "
        "category_id IS NULL), CHECK ((rate_micro IS NULL) <> (amount_micro IS NULL)), CHECK ((amount_micro IS NULL) = (currency "
        "IS NULL)), CHECK (rate_micro IS NULL OR (rate_micro > 0 AND rate_micro <= 1000000)), CHECK (amount_micro IS NULL OR "
        "amount_micro > 0), CHECK (minimum_quantity >= 0), CHECK (to_date IS NULL OR to_date >= from_date), CHECK (version > 0)) "
        "STRICT"
    ),
    (
        "CREATE TRIGGER catalog_discount_no_update BEFORE UPDATE OF id, legal_entity_id, code, product_id, category_id, store_id,"
        " price_list_id, rate_micro, amount_micro, currency, minimum_quantity, from_date ON catalog_discount BEGIN SELECT "
        "RAISE(ABORT, 'append-only: rows of catalog_discount never change'); END"
    ),
    (
        "CREATE TRIGGER catalog_discount_no_delete BEFORE DELETE ON catalog_discount BEGIN SELECT RAISE(ABORT, 'append-only: rows"
        " of catalog_discount never change'); END"
    ),
    (
        'CREATE TABLE "catalog_tax_code" ("id" TEXT NOT NULL PRIMARY KEY, "legal_entity_id" TEXT NOT NULL, "code" TEXT NOT NULL, '
        '"rate_micro" INTEGER NOT NULL, "from_date" TEXT NOT NULL, "to_date" TEXT, "entered_at" INTEGER NOT NULL, FOREIGN KEY '
        "(legal_entity_id) REFERENCES org_legal_entity (id), CHECK (rate_micro >= 0), CHECK (to_date IS NULL OR to_date >= "
        "from_date)) STRICT"
    ),
    'CREATE INDEX "catalog_tax_code_legal_entity_id_code" ON "catalog_tax_code" ("legal_entity_id", "code")',
    (
        "CREATE TRIGGER catalog_tax_code_no_update BEFORE UPDATE OF id, legal_entity_id, code, rate_micro, from_date, to_date, "
        "entered_at ON catalog_tax_code BEGIN SELECT RAISE(ABORT, 'append-only: rows of catalog_tax_code never change'); END"
    ),
    (
        "CREATE TRIGGER catalog_tax_code_no_delete BEFORE DELETE ON catalog_tax_code BEGIN SELECT RAISE(ABORT, 'append-only: rows"
        " of catalog_tax_code never change'); END"
    ),
    (
        'CREATE TABLE "catalog_tax_group" ("legal_entity_id" TEXT NOT NULL, "tax_group" TEXT NOT NULL, "tax_code" TEXT NOT NULL, '
        '"active" INTEGER NOT NULL, PRIMARY KEY ("legal_entity_id", "tax_group", "tax_code"), FOREIGN KEY (legal_entity_id) '
        "REFERENCES org_legal_entity (id)) STRICT"
    ),
    (
        'CREATE TABLE "kernel_document" ("id" TEXT NOT NULL PRIMARY KEY, "legal_entity_id" TEXT NOT NULL, "kind" TEXT NOT NULL, '
        '"type" TEXT NOT NULL, "state" TEXT NOT NULL, "version" INTEGER NOT NULL, "store_id" TEXT, "register" TEXT NOT NULL, '
        '"business_date" TEXT NOT NULL, "occurred_at" INTEGER NOT NULL, "created_at" INTEGER NOT NULL, "created_by" TEXT NOT '
        'NULL, "corrects_id" TEXT, UNIQUE (id, legal_entity_id), CHECK (version > 0)) STRICT'
    ),
    'CREATE INDEX "kernel_document_legal_entity_id_kind_id" ON "kernel_document" ("legal_entity_id", "kind", "id")',
    (
        "CREATE TRIGGER kernel_document_no_update BEFORE UPDATE OF id, legal_entity_id, kind, type, store_id, register, "
        "business_date, occurred_at, created_at, created_by, corrects_id ON kernel_document BEGIN SELECT RAISE(ABORT, "
        "'append-only: rows of kernel_document never change'); END"
    ),
    (
        "CREATE TRIGGER kernel_document_no_delete BEFORE DELETE ON kernel_document BEGIN SELECT RAISE(ABORT, 'append-only: rows "
        "of kernel_document never change'); END"
    ),
    (
        'CREATE TABLE "kernel_document_key" ("document_id" TEXT NOT NULL, "legal_entity_id" TEXT NOT NULL, "kind" TEXT NOT NULL, '
        '"name" TEXT NOT NULL, "value" TEXT NOT NULL, "identifying" INTEGER NOT NULL, "series" TEXT, "register" TEXT, "ordinal" '
        'INTEGER, PRIMARY KEY ("document_id", "name", "value"), FOREIGN KEY (document_id, legal_entity_id) REFERENCES '
        "kernel_document (id, legal_entity_id), UNIQUE (legal_entity_id, series, register, ordinal)) STRICT, WITHOUT ROWID"
    ),
    (
        'CREATE UNIQUE INDEX "kernel_document_key_legal_entity_id_value_name_kind" ON "kernel_document_key" ("legal_entity_id", '
        '"value", "name", "kind") WHERE identifying'
    ),
    'CREATE INDEX "kernel_document_key_reference" ON "kernel_document_key" ("legal_entity_id", "value") WHERE NOT identifying',
    (
        "CREATE TRIGGER kernel_document_key_no_update BEFORE UPDATE OF document_id, legal_entity_id, kind, name, value, "
        "identifying, series, register, ordinal ON kernel_document_key BEGIN SELECT RAISE(ABORT, 'append-only: rows of "
        "kernel_document_key never change'); END"
    ),
    (
        "CREATE TRIGGER kernel_document_key_no_delete BEFORE DELETE ON kernel_document_key BEGIN SELECT RAISE(ABORT, "
        "'append-only: rows of kernel_document_key never change'); END"
    ),
    (
        'CREATE TABLE "kernel_number_series" ("legal_entity_id" TEXT NOT NULL, "name" TEXT NOT NULL, "register" TEXT NOT NULL, '
        '"last" INTEGER NOT NULL, PRIMARY KEY ("legal_entity_id", "name", "register")) STRICT, WITHOUT ROWID'
    ),
    'CREATE TABLE "kernel_revision" ("room" TEXT NOT NULL PRIMARY KEY, "value" INTEGER NOT NULL) STRICT, WITHOUT ROWID',
    (
        'CREATE TABLE "kernel_idempotency" ("principal" TEXT NOT NULL, "key" TEXT NOT NULL, "actor" TEXT NOT NULL, "fingerprint" '
        'TEXT NOT NULL, "operation" TEXT NOT NULL, "state" TEXT NOT NULL, "status" INTEGER NOT NULL, "answer" TEXT, "document_id"'
        ' TEXT, "created_at" INTEGER NOT NULL, PRIMARY KEY ("principal", "key"), CHECK (state IN (\'open\', \'answered\', '
        "'confidential', 'forgotten')), CHECK (state = 'answered' OR answer IS NULL)) STRICT, WITHOUT ROWID"
    ),
    'CREATE INDEX "kernel_idempotency_kept" ON "kernel_idempotency" ("created_at") WHERE answer IS NOT NULL',
    (
        'CREATE TABLE "kernel_audit" ("id" TEXT NOT NULL PRIMARY KEY, "at" INTEGER NOT NULL, "actor" TEXT NOT NULL, "approver" '
        'TEXT, "operation" TEXT NOT NULL, "legal_entity_id" TEXT, "store_id" TEXT, "register" TEXT, "request_id" TEXT, "origin" '
        'TEXT NOT NULL, "outcome" TEXT NOT NULL, "code" TEXT, "detail" TEXT) STRICT'
    ),
    'CREATE INDEX "kernel_audit_at" ON "kernel_audit" ("at")',
    'CREATE INDEX "kernel_audit_approved" ON "kernel_audit" ("at") WHERE approver IS NOT NULL',
    (
        "CREATE TRIGGER kernel_audit_no_update BEFORE UPDATE OF id, at, actor, approver, operation, legal_entity_id, store_id, "
        "register, request_id, origin, outcome, code, detail ON kernel_audit BEGIN SELECT RAISE(ABORT, 'append-only: rows of "
        "kernel_audit never change'); END"
    ),
    (
        "CREATE TRIGGER kernel_audit_no_delete BEFORE DELETE ON kernel_audit BEGIN SELECT RAISE(ABORT, 'append-only: rows of "
        "kernel_audit never change'); END"
    ),
    (
        'CREATE TABLE "kernel_outbox" ("id" TEXT NOT NULL PRIMARY KEY, "type" TEXT NOT NULL, "subject" TEXT, "legal_entity_id" '
        'TEXT, "at" INTEGER NOT NULL, "data" TEXT NOT NULL, "dispatched_at" INTEGER, "sequence" INTEGER) STRICT'
    ),
    'CREATE INDEX "kernel_outbox_subject_id" ON "kernel_outbox" ("subject", "id")',
    'CREATE INDEX "kernel_outbox_waiting" ON "kernel_outbox" ("id") WHERE dispatched_at IS NULL',
    'CREATE INDEX "kernel_outbox_unpublished" ON "kernel_outbox" ("id") WHERE sequence IS NULL',
    'CREATE UNIQUE INDEX "kernel_outbox_feed" ON "kernel_outbox" ("sequence") WHERE sequence IS NOT NULL',
    (
        "CREATE TRIGGER kernel_outbox_no_update BEFORE UPDATE OF id, type, subject, legal_entity_id, at, data ON kernel_outbox "
        "BEGIN SELECT RAISE(ABORT, 'append-only: rows of kernel_outbox never change'); END"
    ),
    (
        "CREATE TRIGGER kernel_outbox_no_delete BEFORE DELETE ON kernel_outbox WHEN (NOT (OLD.dispatched_at IS NOT NULL AND "
        "OLD.sequence IS NOT NULL AND OLD.at < CAST(strftime('%s', 'now') AS INTEGER) * 1000000 - 2592000000000)) BEGIN SELECT "
        "RAISE(ABORT, 'append-only: rows of kernel_outbox never change'); END"
    ),
    (
        'CREATE TABLE "kernel_feed" ("name" TEXT NOT NULL PRIMARY KEY, "last" INTEGER NOT NULL, "removed_until" INTEGER NOT NULL)'
        " STRICT, WITHOUT ROWID"
    ),
    (
        'CREATE TABLE "kernel_chain_head" ("legal_entity_id" TEXT NOT NULL, "register" TEXT NOT NULL, "sequence" INTEGER NOT '
        'NULL, "hash" TEXT NOT NULL, PRIMARY KEY ("legal_entity_id", "register")) STRICT, WITHOUT ROWID'
    ),
    (
        'CREATE TABLE "kernel_chain_link" ("legal_entity_id" TEXT NOT NULL, "register" TEXT NOT NULL, "sequence" INTEGER NOT '
        'NULL, "hash" TEXT NOT NULL, "documents" TEXT NOT NULL, "at" INTEGER NOT NULL, PRIMARY KEY ("legal_entity_id", '
        '"register", "sequence")) STRICT, WITHOUT ROWID'
    ),
    (
        "CREATE TRIGGER kernel_chain_link_no_update BEFORE UPDATE OF legal_entity_id, register, sequence, hash, documents, at ON "
        "kernel_chain_link BEGIN SELECT RAISE(ABORT, 'append-only: rows of kernel_chain_link never change'); END"
    ),
    (
        "CREATE TRIGGER kernel_chain_link_no_delete BEFORE DELETE ON kernel_chain_link BEGIN SELECT RAISE(ABORT, 'append-only: "
        "rows of kernel_chain_link never change'); END"
    ),
    (
        'CREATE TABLE "kernel_extension" ("record_id" TEXT NOT NULL, "name" TEXT NOT NULL, "document_id" TEXT, "value" TEXT NOT '
        'NULL, PRIMARY KEY ("record_id", "name"), FOREIGN KEY (document_id) REFERENCES kernel_document (id)) STRICT, WITHOUT '
        "ROWID"
    ),
    'CREATE INDEX "kernel_extension_document_id" ON "kernel_extension" ("document_id")',
    (
        "CREATE TRIGGER kernel_extension_no_update BEFORE UPDATE OF record_id, name, document_id, value ON kernel_extension BEGIN"
        " SELECT RAISE(ABORT, 'append-only: rows of kernel_extension never change'); END"
    ),
    (
        "CREATE TRIGGER kernel_extension_no_delete BEFORE DELETE ON kernel_extension BEGIN SELECT RAISE(ABORT, 'append-only: rows"
        " of kernel_extension never change'); END"
    ),
    (
        'CREATE TABLE "kernel_extension_change" ("record_id" TEXT NOT NULL, "name" TEXT NOT NULL, "version" INTEGER NOT NULL, '
        '"document_id" TEXT NOT NULL, "value" TEXT NOT NULL, PRIMARY KEY ("record_id", "name", "version"), FOREIGN KEY '
        "(document_id) REFERENCES kernel_document (id)) STRICT, WITHOUT ROWID"
    ),
    'CREATE INDEX "kernel_extension_change_document_id" ON "kernel_extension_change" ("document_id")',
    (
        "CREATE TRIGGER kernel_extension_change_no_update BEFORE UPDATE OF record_id, name, version, document_id, value ON "
        "kernel_extension_change BEGIN SELECT RAISE(ABORT, 'append-only: rows of kernel_extension_change never change'); END"
    ),
    (
        "CREATE TRIGGER kernel_extension_change_no_delete BEFORE DELETE ON kernel_extension_change BEGIN SELECT RAISE(ABORT, "
        "'append-only: rows of kernel_extension_change never change'); END"
    ),
    (
        'CREATE TABLE "kernel_setting" ("name" TEXT NOT NULL, "level" TEXT NOT NULL, "target" TEXT NOT NULL, "value" TEXT, '
        '"version" INTEGER NOT NULL, PRIMARY KEY ("name", "level", "target"), CHECK (level IN (\'installation\', \'legal_entity\', '
        "'profile', 'store'))) STRICT, WITHOUT ROWID"
    ),
    (
        'CREATE TABLE "kernel_setting_history" ("id" TEXT NOT NULL PRIMARY KEY, "name" TEXT NOT NULL, "level" TEXT NOT NULL, '
        '"target" TEXT NOT NULL, "at" INTEGER NOT NULL, "actor" TEXT NOT NULL, "old" TEXT, "new" TEXT) STRICT'
    ),
    'CREATE INDEX "kernel_setting_history_name_id" ON "kernel_setting_history" ("name", "id")',
    (
        "CREATE TRIGGER kernel_setting_history_no_update BEFORE UPDATE OF id, name, level, target, at, actor, old, new ON "
        "kernel_setting_history BEGIN SELECT RAISE(ABORT, 'append-only: rows of kernel_setting_history never change'); END"
    ),
    (
        "CREATE TRIGGER kernel_setting_history_no_delete BEFORE DELETE ON kernel_setting_history BEGIN SELECT RAISE(ABORT, "
        "'append-only: rows of kernel_setting_history never change'); END"
    ),
    (
        'CREATE TABLE "kernel_limit" ("permission" TEXT NOT NULL, "role" TEXT NOT NULL, "unit" TEXT NOT NULL, "level" TEXT NOT '
        'NULL, "target" TEXT NOT NULL, "amount" INTEGER, "given" INTEGER NOT NULL, "version" INTEGER NOT NULL, PRIMARY KEY '
        '("permission", "role", "unit", "level", "target"), CHECK (level IN (\'installation\', \'legal_entity\', \'profile\', '
        "'store')), CHECK (amount >= 0), CHECK (version > 0)) STRICT, WITHOUT ROWID"
    ),
    (
        'CREATE TABLE "kernel_limit_history" ("id" TEXT NOT NULL PRIMARY KEY, "permission" TEXT NOT NULL, "role" TEXT NOT NULL, '
        '"unit" TEXT NOT NULL, "level" TEXT NOT NULL, "target" TEXT NOT NULL, "at" INTEGER NOT NULL, "actor" TEXT NOT NULL, "old"'
        ' TEXT, "new" TEXT) STRICT'
    ),
    'CREATE INDEX "kernel_limit_history_permission_id" ON "kernel_limit_history" ("permission", "id")',
    (
        "CREATE TRIGGER kernel_limit_history_no_update BEFORE UPDATE OF id, permission, role, unit, level, target, at, actor, "
        "old, new ON kernel_limit_history BEGIN SELECT RAISE(ABORT, 'append-only: rows of kernel_limit_history never change'); "
        "END"
    ),
    (
        "CREATE TRIGGER kernel_limit_history_no_delete BEFORE DELETE ON kernel_limit_history BEGIN SELECT RAISE(ABORT, "
        "'append-only: rows of kernel_limit_history never change'); END"
    ),
    (
        'CREATE TABLE "kernel_job" ("id" TEXT NOT NULL PRIMARY KEY, "kind" TEXT NOT NULL, "request" TEXT NOT NULL, "state" TEXT '
        'NOT NULL, "cursor" TEXT, "done" INTEGER NOT NULL, "total" INTEGER, "summary" TEXT, "chunks" INTEGER NOT NULL, "attempts"'
        ' INTEGER NOT NULL, "fence" INTEGER NOT NULL, "lease_owner" TEXT, "lease_until" INTEGER NOT NULL, "run_after" INTEGER NOT'
        ' NULL, "stop_requested" INTEGER NOT NULL, "actor" TEXT NOT NULL, "legal_entity_id" TEXT, "created_at" INTEGER NOT NULL, '
        "\"started_at\" INTEGER, \"finished_at\" INTEGER, \"error\" TEXT, CHECK (state IN ('waiting', 'running', 'done', 'failed', "
        "'stopped'))) STRICT"
    ),
    'CREATE INDEX "kernel_job_open" ON "kernel_job" ("id") WHERE state IN (\'waiting\', \'running\')',
    (
        'CREATE TABLE "kernel_job_result" ("job_id" TEXT NOT NULL, "item" TEXT NOT NULL, "outcome" TEXT NOT NULL, "code" TEXT, '
        '"message" TEXT, "document_id" TEXT, PRIMARY KEY ("job_id", "item"), FOREIGN KEY (job_id) REFERENCES kernel_job (id), '
        "CHECK (outcome IN ('done', 'skipped', 'refused'))) STRICT, WITHOUT ROWID"
    ),
    (
        "CREATE TRIGGER kernel_job_result_no_update BEFORE UPDATE OF job_id, item, outcome, code, message, document_id ON "
        "kernel_job_result BEGIN SELECT RAISE(ABORT, 'append-only: rows of kernel_job_result never change'); END"
    ),
    (
        "CREATE TRIGGER kernel_job_result_no_delete BEFORE DELETE ON kernel_job_result BEGIN SELECT RAISE(ABORT, 'append-only: "
        "rows of kernel_job_result never change'); END"
    ),
    (
        'CREATE TABLE "kernel_delivery" ("event_id" TEXT NOT NULL, "listener" TEXT NOT NULL, "subject" TEXT, "attempts" INTEGER '
        'NOT NULL, "run_after" INTEGER NOT NULL, "error" TEXT, "delivered_at" INTEGER, PRIMARY KEY ("event_id", "listener"), '
        "FOREIGN KEY (event_id) REFERENCES kernel_outbox (id)) STRICT, WITHOUT ROWID"
    ),
    'CREATE INDEX "kernel_delivery_open" ON "kernel_delivery" ("listener", "event_id") WHERE delivered_at IS NULL',
    (
        'CREATE TABLE "kernel_lease" ("name" TEXT NOT NULL PRIMARY KEY, "holder" TEXT NOT NULL, "until" INTEGER NOT NULL) STRICT,'
        " WITHOUT ROWID"
    ),
    (
        'CREATE TABLE "kernel_approval" ("id" TEXT NOT NULL PRIMARY KEY, "requester" TEXT NOT NULL, "requester_name" TEXT NOT '
        'NULL, "operation" TEXT NOT NULL, "fingerprint" TEXT NOT NULL, "legal_entity_id" TEXT, "store_id" TEXT, "register" TEXT, '
        '"issues" TEXT NOT NULL, "request_id" TEXT, "created_at" INTEGER NOT NULL, "state" TEXT NOT NULL, "expires_at" INTEGER '
        'NOT NULL, "decided_by" TEXT, "decided_by_name" TEXT, "decided_at" INTEGER, "reason" TEXT, "used_at" INTEGER, '
        "\"document_id\" TEXT, CHECK (state IN ('waiting', 'approved', 'declined', 'used')), CHECK ((state = 'waiting') = "
        "(decided_by IS NULL)), CHECK ((decided_by IS NULL) = (decided_at IS NULL)), CHECK ((state = 'used') = (used_at IS NOT "
        "NULL))) STRICT"
    ),
    'CREATE INDEX "kernel_approval_requester_fingerprint" ON "kernel_approval" ("requester", "fingerprint")',
    'CREATE INDEX "kernel_approval_document_id" ON "kernel_approval" ("document_id")',
    'CREATE INDEX "kernel_approval_waiting" ON "kernel_approval" ("id") WHERE state = \'waiting\'',
    (
        "CREATE TRIGGER kernel_approval_no_update BEFORE UPDATE OF id, requester, requester_name, operation, fingerprint, "
        "legal_entity_id, store_id, register, issues, request_id, created_at ON kernel_approval BEGIN SELECT RAISE(ABORT, "
        "'append-only: rows of kernel_approval never change'); END"
    ),
    (
        "CREATE TRIGGER kernel_approval_no_delete BEFORE DELETE ON kernel_approval BEGIN SELECT RAISE(ABORT, 'append-only: rows "
        "of kernel_approval never change'); END"
    ),
    (
        'CREATE TABLE "kernel_webhook" ("id" TEXT NOT NULL PRIMARY KEY, "legal_entity_id" TEXT, "name" TEXT NOT NULL, "url" TEXT '
        'NOT NULL, "types" TEXT NOT NULL, "state" TEXT NOT NULL, "reason" TEXT, "secret" TEXT NOT NULL, "old_secret" TEXT, '
        '"old_secret_until" INTEGER, "failures" INTEGER NOT NULL, "failing_since" INTEGER, "run_after" INTEGER NOT NULL, '
        '"version" INTEGER NOT NULL, "created_at" INTEGER NOT NULL, "created_by" TEXT NOT NULL, CHECK (state IN (\'active\', '
        "'paused', 'disabled', 'deleted'))) STRICT"
    ),
    (
        'CREATE TABLE "kernel_webhook_delivery" ("id" TEXT NOT NULL PRIMARY KEY, "webhook_id" TEXT NOT NULL, "event_id" TEXT NOT '
        'NULL, "sequence" INTEGER NOT NULL, "subject" TEXT, "state" TEXT NOT NULL, "attempts" INTEGER NOT NULL, "run_after" '
        'INTEGER NOT NULL, "lease_until" INTEGER NOT NULL, "fence" INTEGER NOT NULL, "created_at" INTEGER NOT NULL, "finished_at"'
        " INTEGER, FOREIGN KEY (webhook_id) REFERENCES kernel_webhook (id), FOREIGN KEY (event_id) REFERENCES kernel_outbox (id),"
        " UNIQUE (webhook_id, sequence), CHECK (state IN ('waiting', 'delivered', 'failed'))) STRICT"
    ),
    'CREATE INDEX "kernel_webhook_delivery_event_id" ON "kernel_webhook_delivery" ("event_id")',
    'CREATE INDEX "kernel_webhook_delivery_waiting" ON "kernel_webhook_delivery" ("webhook_id", "sequence") WHERE state = \'waiting\'',
    (
        'CREATE INDEX "kernel_webhook_delivery_subject" ON "kernel_webhook_delivery" ("webhook_id", "subject", "sequence") WHERE '
        "state = 'waiting'"
    ),
    (
        'CREATE TABLE "kernel_webhook_attempt" ("id" TEXT NOT NULL PRIMARY KEY, "delivery_id" TEXT NOT NULL, "attempt" INTEGER '
        'NOT NULL, "at" INTEGER NOT NULL, "milliseconds" INTEGER NOT NULL, "outcome" TEXT NOT NULL, "status" INTEGER, "answer" '
        "TEXT, \"error\" TEXT, FOREIGN KEY (delivery_id) REFERENCES kernel_webhook_delivery (id), CHECK (outcome IN ('delivered', "
        "'failed'))) STRICT"
    ),
    'CREATE INDEX "kernel_webhook_attempt_delivery_id_id" ON "kernel_webhook_attempt" ("delivery_id", "id")',
    (
        "CREATE TRIGGER kernel_webhook_attempt_no_update BEFORE UPDATE OF id, delivery_id, attempt, at, milliseconds, outcome, "
        "status, answer, error ON kernel_webhook_attempt BEGIN SELECT RAISE(ABORT, 'append-only: rows of kernel_webhook_attempt "
        "never change'); END"
    ),
    (
        "CREATE TRIGGER kernel_webhook_attempt_no_delete BEFORE DELETE ON kernel_webhook_attempt WHEN (NOT (OLD.at < "
        "CAST(strftime('%s', 'now') AS INTEGER) * 1000000 - 2592000000000)) BEGIN SELECT RAISE(ABORT, 'append-only: rows of "
        "kernel_webhook_attempt never change'); END"
    ),
    (
        'CREATE TABLE "kernel_schedule" ("name" TEXT NOT NULL PRIMARY KEY, "cron" TEXT, "every_seconds" INTEGER, "zone" TEXT, '
        '"state" TEXT NOT NULL, "next_at" INTEGER NOT NULL, "attempts" INTEGER NOT NULL, "run_after" INTEGER NOT NULL, '
        '"lease_until" INTEGER NOT NULL, "fence" INTEGER NOT NULL, "last_due_at" INTEGER, "last_run_at" INTEGER, "last_outcome" '
        "TEXT, \"last_detail\" TEXT, \"version\" INTEGER NOT NULL, CHECK (state IN ('active', 'paused')), CHECK (last_outcome IN "
        "('done', 'failed')), CHECK (cron IS NULL OR every_seconds IS NULL)) STRICT, WITHOUT ROWID"
    ),
    (
        'CREATE TABLE "ledger_account" ("id" TEXT NOT NULL PRIMARY KEY, "legal_entity_id" TEXT NOT NULL, "number" TEXT NOT NULL, '
        '"name" TEXT NOT NULL, "type" TEXT NOT NULL, "active" INTEGER NOT NULL, "version" INTEGER NOT NULL) STRICT'
    ),
    'CREATE UNIQUE INDEX "ledger_account_legal_entity_id_number" ON "ledger_account" ("legal_entity_id", "number")',
    (
        'CREATE TABLE "ledger_account_role" ("legal_entity_id" TEXT NOT NULL, "role" TEXT NOT NULL, "selector" TEXT NOT NULL, '
        '"account_id" TEXT NOT NULL, PRIMARY KEY ("legal_entity_id", "role", "selector")) STRICT, WITHOUT ROWID'
    ),
    (
        'CREATE TABLE "ledger_account_role_history" ("id" TEXT NOT NULL PRIMARY KEY, "legal_entity_id" TEXT NOT NULL, "role" TEXT'
        ' NOT NULL, "selector" TEXT NOT NULL, "account_id" TEXT NOT NULL, "at" INTEGER NOT NULL, "actor" TEXT NOT NULL) STRICT'
    ),
    'CREATE INDEX "ledger_account_role_history_account_id" ON "ledger_account_role_history" ("account_id")',
    (
        'CREATE INDEX "ledger_account_role_history_legal_entity_id_role_selector" ON "ledger_account_role_history" '
        '("legal_entity_id", "role", "selector")'
    ),
    (
        "CREATE TRIGGER ledger_account_role_history_no_update BEFORE UPDATE OF id, legal_entity_id, role, selector, account_id, "
        "at, actor ON ledger_account_role_history BEGIN SELECT RAISE(ABORT, 'append-only: rows of ledger_account_role_history "
        "never change'); END"
    ),
    (
        "CREATE TRIGGER ledger_account_role_history_no_delete BEFORE DELETE ON ledger_account_role_history BEGIN SELECT "
        "RAISE(ABORT, 'append-only: rows of ledger_account_role_history never change'); END"
    ),
    (
        'CREATE TABLE "ledger_period" ("id" TEXT NOT NULL PRIMARY KEY, "legal_entity_id" TEXT NOT NULL, "first_date" TEXT NOT '
        'NULL, "last_date" TEXT NOT NULL, "status" TEXT NOT NULL, "version" INTEGER NOT NULL, CHECK (first_date <= last_date), '
        "CHECK (status IN ('open', 'closed'))) STRICT"
    ),
    'CREATE UNIQUE INDEX "ledger_period_legal_entity_id_first_date" ON "ledger_period" ("legal_entity_id", "first_date")',
    'CREATE UNIQUE INDEX "ledger_period_legal_entity_id_last_date" ON "ledger_period" ("legal_entity_id", "last_date")',
    'CREATE TABLE "ledger_dimension_set" ("id" TEXT NOT NULL PRIMARY KEY, "canonical" TEXT NOT NULL) STRICT',
    'CREATE UNIQUE INDEX "ledger_dimension_set_canonical" ON "ledger_dimension_set" ("canonical")',
    (
        'CREATE TABLE "ledger_voucher" ("document_id" TEXT NOT NULL PRIMARY KEY, "legal_entity_id" TEXT NOT NULL, "date" TEXT NOT'
        ' NULL, "currency" TEXT NOT NULL, "rate" INTEGER, FOREIGN KEY (document_id, legal_entity_id) REFERENCES kernel_document '
        "(id, legal_entity_id), CHECK (rate > 0)) STRICT"
    ),
    'CREATE INDEX "ledger_voucher_legal_entity_id_date_document_id" ON "ledger_voucher" ("legal_entity_id", "date", "document_id")',
    (
        "CREATE TRIGGER ledger_voucher_no_update BEFORE UPDATE OF document_id, legal_entity_id, date, currency, rate ON "
        "ledger_voucher BEGIN SELECT RAISE(ABORT, 'append-only: rows of ledger_voucher never change'); END"
    ),
    (
        "CREATE TRIGGER ledger_voucher_no_delete BEFORE DELETE ON ledger_voucher BEGIN SELECT RAISE(ABORT, 'append-only: rows of "
        "ledger_voucher never change'); END"
    ),
    (
        'CREATE TABLE "ledger_entry" ("document_id" TEXT NOT NULL, "number" INTEGER NOT NULL, "account_id" TEXT NOT NULL, '
        '"amount" INTEGER NOT NULL, "currency" TEXT NOT NULL, "transaction_amount" INTEGER NOT NULL, "dimension_set_id" TEXT NOT '
        'NULL, "correction" INTEGER NOT NULL, "rule" TEXT NOT NULL, PRIMARY KEY ("document_id", "number"), FOREIGN KEY '
        "(document_id) REFERENCES ledger_voucher (document_id), CHECK (amount BETWEEN -1000000000000 AND 1000000000000), CHECK "
        "(amount <> 0 OR transaction_amount <> 0)) STRICT, WITHOUT ROWID"
    ),
    (
        "CREATE TRIGGER ledger_entry_no_update BEFORE UPDATE OF document_id, number, account_id, amount, currency, "
        "transaction_amount, dimension_set_id, correction, rule ON ledger_entry BEGIN SELECT RAISE(ABORT, 'append-only: rows of "
        "ledger_entry never change'); END"
    ),
    (
        "CREATE TRIGGER ledger_entry_no_delete BEFORE DELETE ON ledger_entry BEGIN SELECT RAISE(ABORT, 'append-only: rows of "
        "ledger_entry never change'); END"
    ),
    (
        'CREATE TABLE "ledger_open_item" ("id" TEXT NOT NULL PRIMARY KEY, "legal_entity_id" TEXT NOT NULL, "document_id" TEXT NOT'
        ' NULL, "party_type" TEXT NOT NULL, "party_id" TEXT NOT NULL, "type" TEXT NOT NULL, "currency" TEXT NOT NULL, "amount" '
        'INTEGER NOT NULL, "open" INTEGER NOT NULL, "date" TEXT NOT NULL, "due_date" TEXT NOT NULL, "dimension_set_id" TEXT NOT '
        "NULL, FOREIGN KEY (document_id, legal_entity_id) REFERENCES kernel_document (id, legal_entity_id), CHECK ((amount >= 0 "
        "AND open BETWEEN 0 AND amount) OR (amount < 0 AND open BETWEEN amount AND 0))) STRICT"
    ),
    'CREATE INDEX "ledger_open_item_open" ON "ledger_open_item" ("party_id", "date") WHERE "open" <> 0',
    'CREATE INDEX "ledger_open_item_document_id" ON "ledger_open_item" ("document_id")',
    'CREATE INDEX "ledger_open_item_party" ON "ledger_open_item" ("party_id", "date") WHERE party_type <> \'store\'',
    (
        'CREATE INDEX "ledger_open_item_payable" ON "ledger_open_item" ("legal_entity_id", "party_id", "due_date") WHERE '
        "party_type = 'vendor' AND \"open\" <> 0"
    ),
    (
        "CREATE TRIGGER ledger_open_item_no_update BEFORE UPDATE OF id, legal_entity_id, document_id, party_type, party_id, type,"
        " currency, amount, date, due_date, dimension_set_id ON ledger_open_item BEGIN SELECT RAISE(ABORT, 'append-only: rows of "
        "ledger_open_item never change'); END"
    ),
    (
        "CREATE TRIGGER ledger_open_item_no_delete BEFORE DELETE ON ledger_open_item BEGIN SELECT RAISE(ABORT, 'append-only: rows"
        " of ledger_open_item never change'); END"
    ),
    (
        'CREATE TABLE "ledger_settlement" ("document_id" TEXT NOT NULL, "number" INTEGER NOT NULL, "legal_entity_id" TEXT NOT '
        'NULL, "debit_item_id" TEXT NOT NULL, "credit_item_id" TEXT NOT NULL, "amount" INTEGER NOT NULL, "date" TEXT NOT NULL, '
        'PRIMARY KEY ("document_id", "number"), CHECK (amount <> 0), FOREIGN KEY (document_id, legal_entity_id) REFERENCES '
        "kernel_document (id, legal_entity_id)) STRICT, WITHOUT ROWID"
    ),
    'CREATE INDEX "ledger_settlement_debit_item_id" ON "ledger_settlement" ("debit_item_id")',
    'CREATE INDEX "ledger_settlement_credit_item_id" ON "ledger_settlement" ("credit_item_id")',
    (
        "CREATE TRIGGER ledger_settlement_no_update BEFORE UPDATE OF document_id, number, legal_entity_id, debit_item_id, "
        "credit_item_id, amount, date ON ledger_settlement BEGIN SELECT RAISE(ABORT, 'append-only: rows of ledger_settlement "
        "never change'); END"
    ),
    (
        "CREATE TRIGGER ledger_settlement_no_delete BEFORE DELETE ON ledger_settlement BEGIN SELECT RAISE(ABORT, 'append-only: "
        "rows of ledger_settlement never change'); END"
    ),
    (
        'CREATE TABLE "ledger_exchange_rate" ("legal_entity_id" TEXT NOT NULL, "currency" TEXT NOT NULL, "from_date" TEXT NOT '
        'NULL, "rate" INTEGER NOT NULL, "at" INTEGER NOT NULL, "actor" TEXT NOT NULL, PRIMARY KEY ("legal_entity_id", "currency",'
        ' "from_date"), CHECK (rate > 0)) STRICT, WITHOUT ROWID'
    ),
    (
        'CREATE TABLE "ledger_dimension_value" ("id" TEXT NOT NULL PRIMARY KEY, "legal_entity_id" TEXT NOT NULL, "dimension" TEXT'
        ' NOT NULL, "value" TEXT NOT NULL, "name" TEXT NOT NULL, "active" INTEGER NOT NULL, "version" INTEGER NOT NULL) STRICT'
    ),
    (
        'CREATE UNIQUE INDEX "ledger_dimension_value_legal_entity_id_dimension_value" ON "ledger_dimension_value" '
        '("legal_entity_id", "dimension", "value")'
    ),
    (
        'CREATE TABLE "ledger_dimension_default" ("legal_entity_id" TEXT NOT NULL, "owner" TEXT NOT NULL, "owner_id" TEXT NOT '
        'NULL, "dimension" TEXT NOT NULL, "value" TEXT NOT NULL, PRIMARY KEY ("legal_entity_id", "owner", "owner_id", '
        "\"dimension\"), CHECK (owner IN ('store', 'warehouse', 'customer', 'vendor'))) STRICT, WITHOUT ROWID"
    ),
    (
        'CREATE TABLE "ledger_account_dimension" ("legal_entity_id" TEXT NOT NULL, "account_id" TEXT NOT NULL, "dimension" TEXT '
        'NOT NULL, "rule" TEXT NOT NULL, PRIMARY KEY ("account_id", "dimension"), CHECK (rule IN (\'required\', \'forbidden\', '
        "'free'))) STRICT, WITHOUT ROWID"
    ),
    (
        'CREATE TABLE "ledger_journal" ("document_id" TEXT NOT NULL PRIMARY KEY, "legal_entity_id" TEXT NOT NULL, "currency" TEXT'
        ' NOT NULL, "description" TEXT NOT NULL, FOREIGN KEY (document_id, legal_entity_id) REFERENCES kernel_document (id, '
        "legal_entity_id)) STRICT"
    ),
    (
        "CREATE TRIGGER ledger_journal_no_update BEFORE UPDATE OF document_id, legal_entity_id, currency, description ON "
        "ledger_journal BEGIN SELECT RAISE(ABORT, 'append-only: rows of ledger_journal never change'); END"
    ),
    (
        "CREATE TRIGGER ledger_journal_no_delete BEFORE DELETE ON ledger_journal BEGIN SELECT RAISE(ABORT, 'append-only: rows of "
        "ledger_journal never change'); END"
    ),
    (
        'CREATE TABLE "ledger_journal_line" ("document_id" TEXT NOT NULL, "number" INTEGER NOT NULL, "account_id" TEXT NOT NULL, '
        '"amount" INTEGER NOT NULL, "dimension_set_id" TEXT NOT NULL, "text" TEXT, PRIMARY KEY ("document_id", "number"), FOREIGN'
        " KEY (document_id) REFERENCES ledger_journal (document_id)) STRICT, WITHOUT ROWID"
    ),
    (
        "CREATE TRIGGER ledger_journal_line_no_update BEFORE UPDATE OF document_id, number, account_id, amount, dimension_set_id,"
        " text ON ledger_journal_line BEGIN SELECT RAISE(ABORT, 'append-only: rows of ledger_journal_line never change'); END"
    ),
    (
        "CREATE TRIGGER ledger_journal_line_no_delete BEFORE DELETE ON ledger_journal_line BEGIN SELECT RAISE(ABORT, "
        "'append-only: rows of ledger_journal_line never change'); END"
    ),
    (
        'CREATE TABLE "org_place" ("id" TEXT NOT NULL PRIMARY KEY, "legal_entity_id" TEXT NOT NULL, "warehouse_id" TEXT NOT NULL,'
        ' "code" TEXT NOT NULL, "name" TEXT NOT NULL, "blocked" INTEGER NOT NULL, "active" INTEGER NOT NULL, "version" INTEGER '
        "NOT NULL, UNIQUE (id, warehouse_id), UNIQUE (warehouse_id, code), FOREIGN KEY (warehouse_id, legal_entity_id) REFERENCES"
        " org_warehouse (id, legal_entity_id), CHECK (version > 0)) STRICT"
    ),
    (
        'CREATE TABLE "org_worker" ("id" TEXT NOT NULL PRIMARY KEY, "number" TEXT NOT NULL, "name" TEXT NOT NULL, "active" '
        'INTEGER NOT NULL, "version" INTEGER NOT NULL, CHECK (version > 0)) STRICT'
    ),
    'CREATE UNIQUE INDEX "org_worker_number" ON "org_worker" ("number")',
    (
        'CREATE TABLE "org_role_grant" ("id" TEXT NOT NULL PRIMARY KEY, "worker_id" TEXT NOT NULL, "role" TEXT NOT NULL, '
        '"legal_entity_id" TEXT, "store_id" TEXT, "granted_at" INTEGER NOT NULL, "granted_by" TEXT NOT NULL, "revoked_at" '
        "INTEGER, FOREIGN KEY (worker_id) REFERENCES org_worker (id), FOREIGN KEY (legal_entity_id) REFERENCES org_legal_entity "
        "(id), FOREIGN KEY (store_id, legal_entity_id) REFERENCES org_store (id, legal_entity_id), CHECK (store_id IS NULL OR "
        "legal_entity_id IS NOT NULL)) STRICT"
    ),
    (
        "CREATE UNIQUE INDEX org_role_grant_once ON org_role_grant (worker_id, role, (coalesce(legal_entity_id, "
        "'00000000-0000-0000-0000-000000000000')), (coalesce(store_id, '00000000-0000-0000-0000-000000000000'))) WHERE revoked_at"
        " IS NULL"
    ),
    (
        "CREATE TRIGGER org_role_grant_no_update BEFORE UPDATE OF id, worker_id, role, legal_entity_id, store_id, granted_at, "
        "granted_by ON org_role_grant BEGIN SELECT RAISE(ABORT, 'append-only: rows of org_role_grant never change'); END"
    ),
    (
        "CREATE TRIGGER org_role_grant_no_delete BEFORE DELETE ON org_role_grant BEGIN SELECT RAISE(ABORT, 'append-only: rows of "
        "org_role_grant never change'); END"
    ),
    (
        'CREATE TABLE "org_api_key" ("id" TEXT NOT NULL PRIMARY KEY, "name" TEXT NOT NULL, "hash" TEXT NOT NULL, "worker_id" '
        'TEXT, "roles" TEXT NOT NULL, "legal_entity_ids" TEXT, "store_ids" TEXT, "store_id" TEXT, "register" TEXT, "created_at" '
        'INTEGER NOT NULL, "created_by" TEXT NOT NULL, "expires_at" INTEGER, "revoked_at" INTEGER, "last_used_at" INTEGER, '
        "FOREIGN KEY (worker_id) REFERENCES org_worker (id), FOREIGN KEY (store_id) REFERENCES org_store (id)) STRICT"
    ),
    'CREATE UNIQUE INDEX "org_api_key_hash" ON "org_api_key" ("hash")',
    (
        "CREATE TRIGGER org_api_key_no_update BEFORE UPDATE OF id, name, hash, worker_id, roles, legal_entity_ids, store_ids, "
        "store_id, register, created_at, created_by, expires_at ON org_api_key BEGIN SELECT RAISE(ABORT, 'append-only: rows of "
        "org_api_key never change'); END"
    ),
    (
        "CREATE TRIGGER org_api_key_no_delete BEFORE DELETE ON org_api_key BEGIN SELECT RAISE(ABORT, 'append-only: rows of "
        "org_api_key never change'); END"
    ),
    (
        'CREATE TABLE "org_credential" ("worker_id" TEXT NOT NULL, "kind" TEXT NOT NULL, "hash" TEXT, "temporary" INTEGER NOT '
        'NULL, "set_at" INTEGER NOT NULL, "set_by" TEXT NOT NULL, "version" INTEGER NOT NULL, PRIMARY KEY ("worker_id", "kind"), '
        "FOREIGN KEY (worker_id) REFERENCES org_worker (id), CHECK (kind IN ('pin', 'password')), CHECK (version > 0)) STRICT, "
        "WITHOUT ROWID"
    ),
    (
        'CREATE TABLE "org_session" ("id" TEXT NOT NULL PRIMARY KEY, "worker_id" TEXT NOT NULL, "key_id" TEXT NOT NULL, "method" '
        'TEXT NOT NULL, "roles" TEXT NOT NULL, "legal_entity_ids" TEXT, "store_ids" TEXT, "store_id" TEXT, "register" TEXT, '
        '"opened_at" INTEGER NOT NULL, "expires_at" INTEGER NOT NULL, "ends_at" INTEGER NOT NULL, "ended_at" INTEGER, "ended_by" '
        "TEXT, FOREIGN KEY (worker_id) REFERENCES org_worker (id), FOREIGN KEY (key_id) REFERENCES org_api_key (id), FOREIGN KEY "
        "(store_id) REFERENCES org_store (id), CHECK (method IN ('pin', 'password', 'issuer')), CHECK (expires_at <= ends_at), "
        "CHECK ((ended_at IS NULL) = (ended_by IS NULL))) STRICT"
    ),
    'CREATE INDEX "org_session_open" ON "org_session" ("worker_id") WHERE ended_at IS NULL',
    (
        "CREATE TRIGGER org_session_no_update BEFORE UPDATE OF id, worker_id, key_id, method, roles, legal_entity_ids, store_ids,"
        " store_id, register, opened_at, ends_at ON org_session BEGIN SELECT RAISE(ABORT, 'append-only: rows of org_session never"
        " change'); END"
    ),
    (
        "CREATE TRIGGER org_session_no_delete BEFORE DELETE ON org_session BEGIN SELECT RAISE(ABORT, 'append-only: rows of "
        "org_session never change'); END"
    ),
    (
        'CREATE TABLE "org_signing_key" ("kid" TEXT NOT NULL PRIMARY KEY, "public" TEXT NOT NULL, "created_at" INTEGER NOT NULL, '
        '"signs_until" INTEGER NOT NULL, "valid_until" INTEGER NOT NULL, "revoked_at" INTEGER, "revoked_by" TEXT, CHECK '
        "((revoked_at IS NULL) = (revoked_by IS NULL))) STRICT"
    ),
    (
        "CREATE TRIGGER org_signing_key_no_update BEFORE UPDATE OF kid, public, created_at, signs_until, valid_until ON "
        "org_signing_key BEGIN SELECT RAISE(ABORT, 'append-only: rows of org_signing_key never change'); END"
    ),
    (
        "CREATE TRIGGER org_signing_key_no_delete BEFORE DELETE ON org_signing_key BEGIN SELECT RAISE(ABORT, 'append-only: rows "
        "of org_signing_key never change'); END"
    ),
    (
        'CREATE TABLE "org_tries" ("kind" TEXT NOT NULL, "subject" TEXT NOT NULL, "failures" INTEGER NOT NULL, "since" INTEGER '
        "NOT NULL, \"locked_until\" INTEGER NOT NULL, PRIMARY KEY (\"kind\", \"subject\"), CHECK (kind IN ('worker', 'key', 'all')), "
        "CHECK (failures >= 0)) STRICT, WITHOUT ROWID"
    ),
    (
        'CREATE TABLE "org_reason_code" ("id" TEXT NOT NULL PRIMARY KEY, "legal_entity_id" TEXT NOT NULL, "purpose" TEXT NOT '
        'NULL, "code" TEXT NOT NULL, "name" TEXT NOT NULL, "active" INTEGER NOT NULL, "version" INTEGER NOT NULL, UNIQUE '
        "(legal_entity_id, purpose, code), FOREIGN KEY (legal_entity_id) REFERENCES org_legal_entity (id), CHECK (version > 0)) "
        "STRICT"
    ),
    (
        'CREATE TABLE "org_hierarchy" ("id" TEXT NOT NULL PRIMARY KEY, "legal_entity_id" TEXT, "code" TEXT NOT NULL, "name" TEXT '
        'NOT NULL, "purpose" TEXT NOT NULL, "arranged_at" INTEGER NOT NULL, "version" INTEGER NOT NULL, FOREIGN KEY '
        "(legal_entity_id) REFERENCES org_legal_entity (id), CHECK (version > 0)) STRICT"
    ),
    "CREATE UNIQUE INDEX org_hierarchy_code ON org_hierarchy (code, (coalesce(legal_entity_id, '00000000-0000-0000-0000-000000000000')))",
    (
        'CREATE TABLE "org_node" ("id" TEXT NOT NULL PRIMARY KEY, "hierarchy_id" TEXT NOT NULL, "kind" TEXT NOT NULL, "code" TEXT'
        ' NOT NULL, "name" TEXT NOT NULL, "legal_entity_id" TEXT, "store_id" TEXT, "version" INTEGER NOT NULL, UNIQUE (id, '
        "hierarchy_id), UNIQUE (hierarchy_id, code), FOREIGN KEY (hierarchy_id) REFERENCES org_hierarchy (id), FOREIGN KEY "
        "(legal_entity_id) REFERENCES org_legal_entity (id), FOREIGN KEY (store_id, legal_entity_id) REFERENCES org_store (id, "
        "legal_entity_id), CHECK (kind IN ('group', 'legal_entity', 'store')), CHECK ((kind = 'group') = (legal_entity_id IS "
        "NULL)), CHECK ((kind = 'store') = (store_id IS NOT NULL)), CHECK (version > 0)) STRICT"
    ),
    'CREATE INDEX "org_node_hierarchy_id" ON "org_node" ("hierarchy_id")',
    (
        'CREATE TABLE "org_placement" ("id" TEXT NOT NULL PRIMARY KEY, "hierarchy_id" TEXT NOT NULL, "node_id" TEXT NOT NULL, '
        '"parent_id" TEXT, "valid_from" TEXT NOT NULL, "valid_to" TEXT, FOREIGN KEY (node_id, hierarchy_id) REFERENCES org_node '
        "(id, hierarchy_id), FOREIGN KEY (parent_id, hierarchy_id) REFERENCES org_node (id, hierarchy_id), CHECK (parent_id IS "
        "NULL OR parent_id <> node_id)) STRICT"
    ),
    'CREATE INDEX "org_placement_hierarchy_id" ON "org_placement" ("hierarchy_id")',
    'CREATE INDEX "org_placement_node_id" ON "org_placement" ("node_id")',
    (
        "CREATE TRIGGER org_placement_no_update BEFORE UPDATE OF id, hierarchy_id, node_id, parent_id, valid_from ON "
        "org_placement BEGIN SELECT RAISE(ABORT, 'append-only: rows of org_placement never change'); END"
    ),
    (
        "CREATE TRIGGER org_placement_no_delete BEFORE DELETE ON org_placement BEGIN SELECT RAISE(ABORT, 'append-only: rows of "
        "org_placement never change'); END"
    ),
    (
        'CREATE TABLE "org_fulfilment_group" ("id" TEXT NOT NULL PRIMARY KEY, "legal_entity_id" TEXT NOT NULL, "code" TEXT NOT '
        'NULL, "name" TEXT NOT NULL, "version" INTEGER NOT NULL, UNIQUE (id, legal_entity_id), UNIQUE (legal_entity_id, code), '
        "FOREIGN KEY (legal_entity_id) REFERENCES org_legal_entity (id), CHECK (version > 0)) STRICT"
    ),
    (
        'CREATE TABLE "org_fulfilment_member" ("id" TEXT NOT NULL PRIMARY KEY, "legal_entity_id" TEXT NOT NULL, "group_id" TEXT '
        'NOT NULL, "store_id" TEXT, "warehouse_id" TEXT, "ships" INTEGER NOT NULL, "picks_up" INTEGER NOT NULL, "active" INTEGER '
        "NOT NULL, FOREIGN KEY (group_id, legal_entity_id) REFERENCES org_fulfilment_group (id, legal_entity_id), FOREIGN KEY "
        "(store_id, legal_entity_id) REFERENCES org_store (id, legal_entity_id), FOREIGN KEY (warehouse_id, legal_entity_id) "
        "REFERENCES org_warehouse (id, legal_entity_id), CHECK ((store_id IS NULL) <> (warehouse_id IS NULL)), CHECK (store_id IS"
        " NOT NULL OR NOT picks_up)) STRICT"
    ),
    'CREATE INDEX "org_fulfilment_member_group_id" ON "org_fulfilment_member" ("group_id")',
    (
        "CREATE UNIQUE INDEX org_fulfilment_member_once ON org_fulfilment_member (group_id, (coalesce(store_id, "
        "'00000000-0000-0000-0000-000000000000')), (coalesce(warehouse_id, '00000000-0000-0000-0000-000000000000')))"
    ),
    (
        'CREATE TABLE "org_fulfilment_store" ("group_id" TEXT NOT NULL, "store_id" TEXT NOT NULL, "legal_entity_id" TEXT NOT '
        'NULL, "active" INTEGER NOT NULL, PRIMARY KEY ("group_id", "store_id"), FOREIGN KEY (group_id, legal_entity_id) '
        "REFERENCES org_fulfilment_group (id, legal_entity_id), FOREIGN KEY (store_id, legal_entity_id) REFERENCES org_store (id,"
        " legal_entity_id)) STRICT"
    ),
    'CREATE INDEX "org_fulfilment_store_store_id" ON "org_fulfilment_store" ("store_id")',
    (
        'CREATE TABLE "org_return_policy" ("id" TEXT NOT NULL PRIMARY KEY, "legal_entity_id" TEXT NOT NULL, "code" TEXT NOT NULL,'
        ' "name" TEXT NOT NULL, "blocked" INTEGER NOT NULL, "version" INTEGER NOT NULL, UNIQUE (id, legal_entity_id), UNIQUE '
        "(legal_entity_id, code), FOREIGN KEY (legal_entity_id) REFERENCES org_legal_entity (id), CHECK (version > 0)) STRICT"
    ),
    (
        'CREATE TABLE "org_return_rule" ("id" TEXT NOT NULL PRIMARY KEY, "legal_entity_id" TEXT NOT NULL, "policy_id" TEXT NOT '
        'NULL, "store_id" TEXT, "reason_code_id" TEXT NOT NULL, "warehouse_id" TEXT NOT NULL, "place_id" TEXT, "blocked" INTEGER '
        'NOT NULL, "active" INTEGER NOT NULL, FOREIGN KEY (policy_id, legal_entity_id) REFERENCES org_return_policy (id, '
        "legal_entity_id), FOREIGN KEY (reason_code_id) REFERENCES org_reason_code (id), FOREIGN KEY (place_id, warehouse_id) "
        "REFERENCES org_place (id, warehouse_id), FOREIGN KEY (store_id, legal_entity_id) REFERENCES org_store (id, "
        "legal_entity_id), FOREIGN KEY (warehouse_id, legal_entity_id) REFERENCES org_warehouse (id, legal_entity_id)) STRICT"
    ),
    'CREATE INDEX "org_return_rule_policy_id" ON "org_return_rule" ("policy_id")',
    (
        "CREATE UNIQUE INDEX org_return_rule_once ON org_return_rule (policy_id, reason_code_id, (coalesce(store_id, "
        "'00000000-0000-0000-0000-000000000000')))"
    ),
    (
        'CREATE TABLE "parties_customer" ("id" TEXT NOT NULL PRIMARY KEY, "legal_entity_id" TEXT NOT NULL, "number" TEXT NOT '
        'NULL, "name" TEXT NOT NULL, "currency" TEXT NOT NULL, "blocked" TEXT NOT NULL, "invoice_account_id" TEXT, "email" TEXT, '
        '"phone" TEXT, "language" TEXT, "tax_number" TEXT, "tax_exempt" INTEGER NOT NULL, "vendor_id" TEXT, "version" INTEGER NOT'
        " NULL, UNIQUE (id, legal_entity_id), UNIQUE (legal_entity_id, number), FOREIGN KEY (legal_entity_id) REFERENCES "
        "org_legal_entity (id), FOREIGN KEY (invoice_account_id, legal_entity_id) REFERENCES parties_customer (id, "
        "legal_entity_id), CHECK (blocked IN ('none', 'invoice', 'all')), CHECK (invoice_account_id IS NULL OR invoice_account_id"
        " <> id), CHECK (version > 0)) STRICT"
    ),
    'CREATE INDEX "parties_customer_legal_entity_id_email" ON "parties_customer" ("legal_entity_id", "email")',
    'CREATE INDEX "parties_customer_invoice_account_id" ON "parties_customer" ("invoice_account_id")',
    (
        'CREATE TABLE "parties_address" ("id" TEXT NOT NULL PRIMARY KEY, "party_id" TEXT NOT NULL, "kind" TEXT NOT NULL, "name" '
        'TEXT, "lines" TEXT NOT NULL, "postal_code" TEXT, "city" TEXT, "region" TEXT, "country" TEXT NOT NULL, "latitude_micro" '
        'INTEGER, "longitude_micro" INTEGER, "preferred" INTEGER NOT NULL, "active" INTEGER NOT NULL, "version" INTEGER NOT NULL,'
        " CHECK (kind IN ('invoice', 'delivery')), CHECK ((latitude_micro IS NULL) = (longitude_micro IS NULL)), CHECK (version >"
        " 0)) STRICT"
    ),
    'CREATE INDEX "parties_address_party_id" ON "parties_address" ("party_id")',
    (
        'CREATE TABLE "parties_vendor" ("id" TEXT NOT NULL PRIMARY KEY, "legal_entity_id" TEXT NOT NULL, "number" TEXT NOT NULL, '
        '"name" TEXT NOT NULL, "currency" TEXT NOT NULL, "on_hold" TEXT NOT NULL, "one_time" INTEGER NOT NULL, "due_days" INTEGER'
        ' NOT NULL, "email" TEXT, "phone" TEXT, "language" TEXT, "tax_number" TEXT, "version" INTEGER NOT NULL, UNIQUE (id, '
        "legal_entity_id), UNIQUE (legal_entity_id, number), FOREIGN KEY (legal_entity_id) REFERENCES org_legal_entity (id), "
        "CHECK (on_hold IN ('none', 'payment', 'invoice', 'all')), CHECK (due_days BETWEEN 0 AND 3650), CHECK (version > 0)) "
        "STRICT"
    ),
    (
        'CREATE TABLE "parties_bank_account" ("id" TEXT NOT NULL PRIMARY KEY, "party_id" TEXT NOT NULL, "iban" TEXT NOT NULL, '
        '"bic" TEXT, "holder" TEXT NOT NULL, "preferred" INTEGER NOT NULL, "active" INTEGER NOT NULL, "version" INTEGER NOT NULL,'
        " CHECK (version > 0)) STRICT"
    ),
    'CREATE INDEX "parties_bank_account_party_id" ON "parties_bank_account" ("party_id")',
    (
        'CREATE TABLE "payables_bank_account" ("id" TEXT NOT NULL PRIMARY KEY, "legal_entity_id" TEXT NOT NULL, "code" TEXT NOT '
        'NULL, "name" TEXT NOT NULL, "iban" TEXT NOT NULL, "bic" TEXT, "currency" TEXT NOT NULL, "active" INTEGER NOT NULL, '
        '"version" INTEGER NOT NULL) STRICT'
    ),
    'CREATE UNIQUE INDEX "payables_bank_account_legal_entity_id_code" ON "payables_bank_account" ("legal_entity_id", "code")',
    (
        'CREATE TABLE "payables_vendor_invoice" ("document_id" TEXT NOT NULL PRIMARY KEY, "legal_entity_id" TEXT NOT NULL, '
        '"vendor_id" TEXT NOT NULL, "currency" TEXT NOT NULL, "invoice_number" TEXT, "description" TEXT, "due_date" TEXT NOT '
        'NULL, "total" INTEGER NOT NULL, FOREIGN KEY (document_id, legal_entity_id) REFERENCES kernel_document (id, '
        "legal_entity_id), CHECK (total <> 0)) STRICT"
    ),
    'CREATE INDEX "payables_vendor_invoice_vendor_id_document_id" ON "payables_vendor_invoice" ("vendor_id", "document_id")',
    (
        "CREATE TRIGGER payables_vendor_invoice_no_update BEFORE UPDATE OF document_id, legal_entity_id, vendor_id, currency, "
        "invoice_number, description, due_date, total ON payables_vendor_invoice BEGIN SELECT RAISE(ABORT, 'append-only: rows of "
        "payables_vendor_invoice never change'); END"
    ),
    (
        "CREATE TRIGGER payables_vendor_invoice_no_delete BEFORE DELETE ON payables_vendor_invoice BEGIN SELECT RAISE(ABORT, "
        "'append-only: rows of payables_vendor_invoice never change'); END"
    ),
    (
        'CREATE TABLE "payables_vendor_invoice_line" ("document_id" TEXT NOT NULL, "number" INTEGER NOT NULL, "account_id" TEXT '
        'NOT NULL, "amount" INTEGER NOT NULL, "dimension_set_id" TEXT NOT NULL, "text" TEXT, PRIMARY KEY ("document_id", '
        '"number"), FOREIGN KEY (document_id) REFERENCES payables_vendor_invoice (document_id)) STRICT, WITHOUT ROWID'
    ),
    (
        "CREATE TRIGGER payables_vendor_invoice_line_no_update BEFORE UPDATE OF document_id, number, account_id, amount, "
        "dimension_set_id, text ON payables_vendor_invoice_line BEGIN SELECT RAISE(ABORT, 'append-only: rows of "
        "payables_vendor_invoice_line never change'); END"
    ),
    (
        "CREATE TRIGGER payables_vendor_invoice_line_no_delete BEFORE DELETE ON payables_vendor_invoice_line BEGIN SELECT "
        "RAISE(ABORT, 'append-only: rows of payables_vendor_invoice_line never change'); END"
    ),
    (
        'CREATE TABLE "payables_payment_run" ("document_id" TEXT NOT NULL PRIMARY KEY, "legal_entity_id" TEXT NOT NULL, '
        '"bank_account_id" TEXT NOT NULL, "currency" TEXT NOT NULL, "execution_date" TEXT NOT NULL, "payments" INTEGER NOT NULL, '
        '"total" INTEGER NOT NULL, FOREIGN KEY (document_id, legal_entity_id) REFERENCES kernel_document (id, legal_entity_id), '
        "CHECK (payments > 0 AND total > 0)) STRICT"
    ),
    (
        "CREATE TRIGGER payables_payment_run_no_update BEFORE UPDATE OF document_id, legal_entity_id, bank_account_id, currency, "
        "execution_date, payments, total ON payables_payment_run BEGIN SELECT RAISE(ABORT, 'append-only: rows of "
        "payables_payment_run never change'); END"
    ),
    (
        "CREATE TRIGGER payables_payment_run_no_delete BEFORE DELETE ON payables_payment_run BEGIN SELECT RAISE(ABORT, "
        "'append-only: rows of payables_payment_run never change'); END"
    ),
    (
        'CREATE TABLE "payables_vendor_payment" ("document_id" TEXT NOT NULL PRIMARY KEY, "legal_entity_id" TEXT NOT NULL, '
        '"vendor_id" TEXT NOT NULL, "run_id" TEXT, "bank_account_id" TEXT NOT NULL, "method" TEXT NOT NULL, "currency" TEXT NOT '
        'NULL, "amount" INTEGER NOT NULL, "iban" TEXT, "bic" TEXT, "holder" TEXT, "reference" TEXT NOT NULL, FOREIGN KEY '
        "(document_id, legal_entity_id) REFERENCES kernel_document (id, legal_entity_id), FOREIGN KEY (run_id) REFERENCES "
        "payables_payment_run (document_id), CHECK (amount > 0), CHECK (method IN ('file', 'manual')), CHECK (method = 'manual' "
        "OR (run_id IS NOT NULL AND iban IS NOT NULL))) STRICT"
    ),
    'CREATE INDEX "payables_vendor_payment_vendor_id_document_id" ON "payables_vendor_payment" ("vendor_id", "document_id")',
    'CREATE INDEX "payables_vendor_payment_run" ON "payables_vendor_payment" ("run_id", "document_id") WHERE run_id IS NOT NULL',
    (
        "CREATE TRIGGER payables_vendor_payment_no_update BEFORE UPDATE OF document_id, legal_entity_id, vendor_id, run_id, "
        "bank_account_id, method, currency, amount, iban, bic, holder, reference ON payables_vendor_payment BEGIN SELECT "
        "RAISE(ABORT, 'append-only: rows of payables_vendor_payment never change'); END"
    ),
    (
        "CREATE TRIGGER payables_vendor_payment_no_delete BEFORE DELETE ON payables_vendor_payment BEGIN SELECT RAISE(ABORT, "
        "'append-only: rows of payables_vendor_payment never change'); END"
    ),
    (
        'CREATE TABLE "payables_bank_file" ("document_id" TEXT NOT NULL PRIMARY KEY, "legal_entity_id" TEXT NOT NULL, "provider" '
        'TEXT NOT NULL, "name" TEXT NOT NULL, "media_type" TEXT NOT NULL, "content" TEXT NOT NULL, "sha256" TEXT NOT NULL, "at" '
        "INTEGER NOT NULL, FOREIGN KEY (document_id) REFERENCES payables_payment_run (document_id)) STRICT"
    ),
    (
        "CREATE TRIGGER payables_bank_file_no_update BEFORE UPDATE OF document_id, legal_entity_id, provider, name, media_type, "
        "content, sha256, at ON payables_bank_file BEGIN SELECT RAISE(ABORT, 'append-only: rows of payables_bank_file never "
        "change'); END"
    ),
    (
        "CREATE TRIGGER payables_bank_file_no_delete BEFORE DELETE ON payables_bank_file BEGIN SELECT RAISE(ABORT, 'append-only: "
        "rows of payables_bank_file never change'); END"
    ),
    (
        'CREATE TABLE "payables_balance_transfer" ("document_id" TEXT NOT NULL PRIMARY KEY, "legal_entity_id" TEXT NOT NULL, '
        '"customer_id" TEXT NOT NULL, "vendor_id" TEXT NOT NULL, "currency" TEXT NOT NULL, "amount" INTEGER NOT NULL, '
        '"description" TEXT NOT NULL, "due_date" TEXT NOT NULL, "customer_item_id" TEXT NOT NULL, "vendor_item_id" TEXT NOT NULL,'
        " FOREIGN KEY (document_id, legal_entity_id) REFERENCES kernel_document (id, legal_entity_id), CHECK (amount > 0)) STRICT"
    ),
    'CREATE INDEX "payables_balance_transfer_customer_id" ON "payables_balance_transfer" ("customer_id")',
    'CREATE INDEX "payables_balance_transfer_vendor_id" ON "payables_balance_transfer" ("vendor_id")',
    (
        "CREATE TRIGGER payables_balance_transfer_no_update BEFORE UPDATE OF document_id, legal_entity_id, customer_id, "
        "vendor_id, currency, amount, description, due_date, customer_item_id, vendor_item_id ON payables_balance_transfer BEGIN "
        "SELECT RAISE(ABORT, 'append-only: rows of payables_balance_transfer never change'); END"
    ),
    (
        "CREATE TRIGGER payables_balance_transfer_no_delete BEFORE DELETE ON payables_balance_transfer BEGIN SELECT RAISE(ABORT, "
        "'append-only: rows of payables_balance_transfer never change'); END"
    ),
    (
        'CREATE TABLE "payments_payment" ("document_id" TEXT NOT NULL PRIMARY KEY, "legal_entity_id" TEXT NOT NULL, "tender" TEXT'
        ' NOT NULL, "currency" TEXT NOT NULL, "amount" INTEGER NOT NULL, "rounding" INTEGER NOT NULL, "party_type" TEXT NOT NULL,'
        ' "party_id" TEXT NOT NULL, "reference" TEXT, "source_id" TEXT, FOREIGN KEY (document_id, legal_entity_id) REFERENCES '
        "kernel_document (id, legal_entity_id), CHECK (amount <> 0 OR rounding <> 0)) STRICT"
    ),
    'CREATE INDEX "payments_payment_customer" ON "payments_payment" ("party_id", "document_id") WHERE party_type = \'customer\'',
    'CREATE INDEX "payments_payment_source" ON "payments_payment" ("source_id") WHERE source_id IS NOT NULL',
    (
        "CREATE TRIGGER payments_payment_no_update BEFORE UPDATE OF document_id, legal_entity_id, tender, currency, amount, "
        "rounding, party_type, party_id, reference, source_id ON payments_payment BEGIN SELECT RAISE(ABORT, 'append-only: rows of"
        " payments_payment never change'); END"
    ),
    (
        "CREATE TRIGGER payments_payment_no_delete BEFORE DELETE ON payments_payment BEGIN SELECT RAISE(ABORT, 'append-only: rows"
        " of payments_payment never change'); END"
    ),
    (
        'CREATE TABLE "payments_capture" ("payment_id" TEXT NOT NULL PRIMARY KEY, "captured" INTEGER NOT NULL, "refunded" INTEGER'
        " NOT NULL, CHECK (refunded BETWEEN 0 AND captured), FOREIGN KEY (payment_id) REFERENCES payments_payment (document_id)) "
        "STRICT, WITHOUT ROWID"
    ),
    (
        'CREATE TABLE "payments_deposit" ("order_id" TEXT NOT NULL PRIMARY KEY, "paid" INTEGER NOT NULL, "applied" INTEGER NOT '
        'NULL, "refunded" INTEGER NOT NULL, "transferred" INTEGER NOT NULL, "forfeited" INTEGER NOT NULL, CHECK (applied + '
        "refunded + transferred + forfeited <= paid), CHECK (paid >= 0 AND applied >= 0 AND refunded >= 0 AND transferred >= 0 "
        "AND forfeited >= 0)) STRICT, WITHOUT ROWID"
    ),
    (
        'CREATE TABLE "payments_deposit_item" ("open_item_id" TEXT NOT NULL PRIMARY KEY, "document_id" TEXT NOT NULL, "order_id" '
        "TEXT NOT NULL) STRICT, WITHOUT ROWID"
    ),
    'CREATE INDEX "payments_deposit_item_order_id" ON "payments_deposit_item" ("order_id")',
    'CREATE INDEX "payments_deposit_item_document_id" ON "payments_deposit_item" ("document_id")',
    (
        "CREATE TRIGGER payments_deposit_item_no_update BEFORE UPDATE OF open_item_id, document_id, order_id ON "
        "payments_deposit_item BEGIN SELECT RAISE(ABORT, 'append-only: rows of payments_deposit_item never change'); END"
    ),
    (
        "CREATE TRIGGER payments_deposit_item_no_delete BEFORE DELETE ON payments_deposit_item BEGIN SELECT RAISE(ABORT, "
        "'append-only: rows of payments_deposit_item never change'); END"
    ),
    (
        'CREATE TABLE "payments_deposit_move" ("document_id" TEXT NOT NULL PRIMARY KEY, "legal_entity_id" TEXT NOT NULL, '
        '"order_id" TEXT NOT NULL, "to_order_id" TEXT, "currency" TEXT NOT NULL, "amount" INTEGER NOT NULL, "note" TEXT, FOREIGN '
        "KEY (document_id, legal_entity_id) REFERENCES kernel_document (id, legal_entity_id), CHECK (amount > 0)) STRICT"
    ),
    (
        "CREATE TRIGGER payments_deposit_move_no_update BEFORE UPDATE OF document_id, legal_entity_id, order_id, to_order_id, "
        "currency, amount, note ON payments_deposit_move BEGIN SELECT RAISE(ABORT, 'append-only: rows of payments_deposit_move "
        "never change'); END"
    ),
    (
        "CREATE TRIGGER payments_deposit_move_no_delete BEFORE DELETE ON payments_deposit_move BEGIN SELECT RAISE(ABORT, "
        "'append-only: rows of payments_deposit_move never change'); END"
    ),
    (
        'CREATE TABLE "payments_intent" ("document_id" TEXT NOT NULL PRIMARY KEY, "legal_entity_id" TEXT NOT NULL, "port" TEXT '
        'NOT NULL, "tender" TEXT NOT NULL, "currency" TEXT NOT NULL, "amount" INTEGER NOT NULL, "token" TEXT, "payment_id" TEXT, '
        '"parent_id" TEXT, "expires_at" INTEGER, FOREIGN KEY (document_id, legal_entity_id) REFERENCES kernel_document (id, '
        "legal_entity_id), CHECK (amount > 0)) STRICT"
    ),
    'CREATE INDEX "payments_intent_payment" ON "payments_intent" ("payment_id") WHERE payment_id IS NOT NULL',
    'CREATE INDEX "payments_intent_parent" ON "payments_intent" ("parent_id") WHERE parent_id IS NOT NULL',
    (
        "CREATE TRIGGER payments_intent_no_update BEFORE UPDATE OF document_id, legal_entity_id, port, tender, currency, amount, "
        "token, payment_id, parent_id, expires_at ON payments_intent BEGIN SELECT RAISE(ABORT, 'append-only: rows of "
        "payments_intent never change'); END"
    ),
    (
        "CREATE TRIGGER payments_intent_no_delete BEFORE DELETE ON payments_intent BEGIN SELECT RAISE(ABORT, 'append-only: rows "
        "of payments_intent never change'); END"
    ),
    (
        'CREATE TABLE "payments_intent_result" ("id" TEXT NOT NULL PRIMARY KEY, "intent_id" TEXT NOT NULL, "outcome" TEXT NOT '
        "NULL, \"reference\" TEXT, \"reason\" TEXT, \"at\" INTEGER NOT NULL, CHECK (outcome IN ('approved', 'declined', 'unknown')), "
        "FOREIGN KEY (intent_id) REFERENCES payments_intent (document_id)) STRICT"
    ),
    'CREATE INDEX "payments_intent_result_intent_id" ON "payments_intent_result" ("intent_id")',
    (
        "CREATE TRIGGER payments_intent_result_no_update BEFORE UPDATE OF id, intent_id, outcome, reference, reason, at ON "
        "payments_intent_result BEGIN SELECT RAISE(ABORT, 'append-only: rows of payments_intent_result never change'); END"
    ),
    (
        "CREATE TRIGGER payments_intent_result_no_delete BEFORE DELETE ON payments_intent_result BEGIN SELECT RAISE(ABORT, "
        "'append-only: rows of payments_intent_result never change'); END"
    ),
    (
        'CREATE TABLE "payments_refund_order" ("document_id" TEXT NOT NULL PRIMARY KEY, "legal_entity_id" TEXT NOT NULL, "tender"'
        ' TEXT NOT NULL, "currency" TEXT NOT NULL, "amount" INTEGER NOT NULL, "party_type" TEXT NOT NULL, "party_id" TEXT NOT '
        'NULL, "credit_item_id" TEXT, "source_id" TEXT, "reference" TEXT, FOREIGN KEY (document_id, legal_entity_id) REFERENCES '
        "kernel_document (id, legal_entity_id), CHECK (amount > 0)) STRICT"
    ),
    (
        "CREATE TRIGGER payments_refund_order_no_update BEFORE UPDATE OF document_id, legal_entity_id, tender, currency, amount, "
        "party_type, party_id, credit_item_id, source_id, reference ON payments_refund_order BEGIN SELECT RAISE(ABORT, "
        "'append-only: rows of payments_refund_order never change'); END"
    ),
    (
        "CREATE TRIGGER payments_refund_order_no_delete BEFORE DELETE ON payments_refund_order BEGIN SELECT RAISE(ABORT, "
        "'append-only: rows of payments_refund_order never change'); END"
    ),
    (
        'CREATE TABLE "payments_drawer_movement" ("document_id" TEXT NOT NULL PRIMARY KEY, "legal_entity_id" TEXT NOT NULL, '
        '"tender" TEXT NOT NULL, "currency" TEXT NOT NULL, "amount" INTEGER NOT NULL, "note" TEXT, FOREIGN KEY (document_id, '
        "legal_entity_id) REFERENCES kernel_document (id, legal_entity_id), CHECK (amount <> 0)) STRICT"
    ),
    (
        "CREATE TRIGGER payments_drawer_movement_no_update BEFORE UPDATE OF document_id, legal_entity_id, tender, currency, "
        "amount, note ON payments_drawer_movement BEGIN SELECT RAISE(ABORT, 'append-only: rows of payments_drawer_movement never "
        "change'); END"
    ),
    (
        "CREATE TRIGGER payments_drawer_movement_no_delete BEFORE DELETE ON payments_drawer_movement BEGIN SELECT RAISE(ABORT, "
        "'append-only: rows of payments_drawer_movement never change'); END"
    ),
    (
        'CREATE TABLE "sales_order" ("document_id" TEXT NOT NULL PRIMARY KEY, "legal_entity_id" TEXT NOT NULL, "customer_id" '
        'TEXT, "party_type" TEXT NOT NULL, "party_id" TEXT NOT NULL, "currency" TEXT NOT NULL, "price_includes_tax" INTEGER NOT '
        'NULL, "warehouse_id" TEXT NOT NULL, "discount_amount" INTEGER NOT NULL, "discount_rate" INTEGER NOT NULL, "net" INTEGER '
        'NOT NULL, "tax" INTEGER NOT NULL, "total" INTEGER NOT NULL, FOREIGN KEY (document_id, legal_entity_id) REFERENCES '
        "kernel_document (id, legal_entity_id)) STRICT"
    ),
    'CREATE INDEX "sales_order_customer" ON "sales_order" ("customer_id", "document_id") WHERE customer_id IS NOT NULL',
    (
        'CREATE TABLE "sales_order_line" ("id" TEXT NOT NULL PRIMARY KEY, "document_id" TEXT NOT NULL, "number" INTEGER NOT NULL,'
        ' "product_id" TEXT NOT NULL, "description" TEXT NOT NULL, "quantity" INTEGER NOT NULL, "unit_price" INTEGER NOT NULL, '
        '"price_origin" TEXT NOT NULL, "price_reason" TEXT, "discount" INTEGER NOT NULL, "total_share" INTEGER NOT NULL, '
        '"discount_rate" INTEGER NOT NULL, "unit_discount" INTEGER NOT NULL, "discount_origin" TEXT NOT NULL, "net_discount" '
        'INTEGER NOT NULL, "net" INTEGER NOT NULL, "tax" INTEGER NOT NULL, "total" INTEGER NOT NULL, "warehouse_id" TEXT NOT '
        'NULL, "money" TEXT NOT NULL, "goods" TEXT NOT NULL, "cost_source" TEXT NOT NULL, "offset_role" TEXT NOT NULL, '
        '"given_cost" INTEGER, "source_document_id" TEXT, "source_number" INTEGER, "source_lot_id" TEXT, "source_cost" INTEGER, '
        '"unreferenced" INTEGER NOT NULL, FOREIGN KEY (document_id) REFERENCES sales_order (document_id), CHECK (quantity <> 0), '
        "CHECK (unit_price >= 0)) STRICT"
    ),
    'CREATE UNIQUE INDEX "sales_order_line_document_id_number" ON "sales_order_line" ("document_id", "number")',
    (
        'CREATE INDEX "sales_order_line_source" ON "sales_order_line" ("source_document_id", "source_number") WHERE '
        "source_document_id IS NOT NULL"
    ),
    (
        'CREATE TABLE "sales_order_tax" ("line_id" TEXT NOT NULL, "code" TEXT NOT NULL, "rate" INTEGER NOT NULL, "amount" INTEGER'
        ' NOT NULL, PRIMARY KEY ("line_id", "code"), FOREIGN KEY (line_id) REFERENCES sales_order_line (id)) STRICT, WITHOUT '
        "ROWID"
    ),
    (
        'CREATE TABLE "sales_order_charge" ("document_id" TEXT NOT NULL, "number" INTEGER NOT NULL, "line_number" INTEGER, "code"'
        ' TEXT NOT NULL, "category" TEXT NOT NULL, "value" INTEGER, "origin" TEXT NOT NULL, "rule" TEXT NOT NULL, "overridden" '
        'INTEGER NOT NULL, "reason" TEXT, "amount" INTEGER NOT NULL, "tax" INTEGER NOT NULL, "refund_of_id" TEXT, '
        '"refund_of_number" INTEGER, "invoiced" INTEGER NOT NULL, "refunded" INTEGER NOT NULL, PRIMARY KEY ("document_id", '
        "\"number\"), FOREIGN KEY (document_id) REFERENCES sales_order (document_id), CHECK (category IN ('fixed', 'pieces', "
        "'percent')), CHECK (origin IN ('manual', 'act', 'derived')), CHECK (abs(invoiced) <= abs(amount) AND (invoiced = 0 OR "
        "(invoiced > 0) = (amount > 0)))) STRICT, WITHOUT ROWID"
    ),
    'CREATE INDEX "sales_order_charge_refund" ON "sales_order_charge" ("refund_of_id", "refund_of_number") WHERE refund_of_id IS NOT NULL',
    (
        'CREATE TABLE "sales_order_charge_tax" ("document_id" TEXT NOT NULL, "number" INTEGER NOT NULL, "code" TEXT NOT NULL, '
        '"rate" INTEGER NOT NULL, "amount" INTEGER NOT NULL, PRIMARY KEY ("document_id", "number", "code"), FOREIGN KEY '
        "(document_id) REFERENCES sales_order (document_id)) STRICT, WITHOUT ROWID"
    ),
    (
        'CREATE TABLE "sales_charge_code" ("id" TEXT NOT NULL PRIMARY KEY, "legal_entity_id" TEXT NOT NULL, "code" TEXT NOT NULL,'
        ' "name" TEXT NOT NULL, "account_role" TEXT NOT NULL, "tax_group" TEXT, "is_shipping" INTEGER NOT NULL, "is_refundable" '
        'INTEGER NOT NULL, "active" INTEGER NOT NULL, "version" INTEGER NOT NULL, UNIQUE (legal_entity_id, code), FOREIGN KEY '
        "(legal_entity_id) REFERENCES org_legal_entity (id), CHECK (version > 0)) STRICT"
    ),
    (
        'CREATE TABLE "sales_line_balance" ("line_id" TEXT NOT NULL PRIMARY KEY, "ordered" INTEGER NOT NULL, "reserved" INTEGER '
        'NOT NULL, "picked" INTEGER NOT NULL, "delivered" INTEGER NOT NULL, "invoiced" INTEGER NOT NULL, "cancelled" INTEGER NOT '
        'NULL, "return_claimed" INTEGER NOT NULL, "credited" INTEGER NOT NULL, "delivered_cost" INTEGER NOT NULL, "invoiced_cost"'
        ' INTEGER NOT NULL, "physical_cost" INTEGER NOT NULL, CHECK (delivered + cancelled <= ordered), CHECK (invoiced + '
        "cancelled <= ordered), CHECK (return_claimed + credited <= invoiced), CHECK (delivered >= 0 AND invoiced >= 0 AND "
        "cancelled >= 0 AND return_claimed >= 0 AND credited >= 0)) STRICT, WITHOUT ROWID"
    ),
    (
        'CREATE TABLE "sales_packing_slip" ("document_id" TEXT NOT NULL PRIMARY KEY, "legal_entity_id" TEXT NOT NULL, "order_id" '
        "TEXT NOT NULL, FOREIGN KEY (document_id, legal_entity_id) REFERENCES kernel_document (id, legal_entity_id)) STRICT"
    ),
    'CREATE INDEX "sales_packing_slip_order_id" ON "sales_packing_slip" ("order_id")',
    (
        "CREATE TRIGGER sales_packing_slip_no_update BEFORE UPDATE OF document_id, legal_entity_id, order_id ON "
        "sales_packing_slip BEGIN SELECT RAISE(ABORT, 'append-only: rows of sales_packing_slip never change'); END"
    ),
    (
        "CREATE TRIGGER sales_packing_slip_no_delete BEFORE DELETE ON sales_packing_slip BEGIN SELECT RAISE(ABORT, 'append-only: "
        "rows of sales_packing_slip never change'); END"
    ),
    (
        'CREATE TABLE "sales_packing_slip_line" ("document_id" TEXT NOT NULL, "number" INTEGER NOT NULL, "order_line_id" TEXT NOT'
        ' NULL, "product_id" TEXT NOT NULL, "warehouse_id" TEXT NOT NULL, "quantity" INTEGER NOT NULL, "cost" INTEGER NOT NULL, '
        'PRIMARY KEY ("document_id", "number"), FOREIGN KEY (document_id) REFERENCES sales_packing_slip (document_id)) STRICT, '
        "WITHOUT ROWID"
    ),
    (
        "CREATE TRIGGER sales_packing_slip_line_no_update BEFORE UPDATE OF document_id, number, order_line_id, product_id, "
        "warehouse_id, quantity, cost ON sales_packing_slip_line BEGIN SELECT RAISE(ABORT, 'append-only: rows of "
        "sales_packing_slip_line never change'); END"
    ),
    (
        "CREATE TRIGGER sales_packing_slip_line_no_delete BEFORE DELETE ON sales_packing_slip_line BEGIN SELECT RAISE(ABORT, "
        "'append-only: rows of sales_packing_slip_line never change'); END"
    ),
    (
        'CREATE TABLE "sales_invoice" ("document_id" TEXT NOT NULL PRIMARY KEY, "legal_entity_id" TEXT NOT NULL, "party_type" '
        'TEXT NOT NULL, "party_id" TEXT NOT NULL, "currency" TEXT NOT NULL, "net" INTEGER NOT NULL, "tax" INTEGER NOT NULL, '
        '"total" INTEGER NOT NULL, "due_date" TEXT NOT NULL, "rounding" TEXT NOT NULL, "correction" INTEGER NOT NULL, FOREIGN KEY'
        " (document_id, legal_entity_id) REFERENCES kernel_document (id, legal_entity_id), CHECK (net + tax = total)) STRICT"
    ),
    (
        "CREATE TRIGGER sales_invoice_no_update BEFORE UPDATE OF document_id, legal_entity_id, party_type, party_id, currency, "
        "net, tax, total, due_date, rounding, correction ON sales_invoice BEGIN SELECT RAISE(ABORT, 'append-only: rows of "
        "sales_invoice never change'); END"
    ),
    (
        "CREATE TRIGGER sales_invoice_no_delete BEFORE DELETE ON sales_invoice BEGIN SELECT RAISE(ABORT, 'append-only: rows of "
        "sales_invoice never change'); END"
    ),
    (
        'CREATE TABLE "sales_invoice_line" ("document_id" TEXT NOT NULL, "number" INTEGER NOT NULL, "order_id" TEXT NOT NULL, '
        '"order_line_id" TEXT NOT NULL, "product_id" TEXT NOT NULL, "description" TEXT NOT NULL, "quantity" INTEGER NOT NULL, '
        '"unit_price" INTEGER NOT NULL, "discount" INTEGER NOT NULL, "net_discount" INTEGER NOT NULL, "net" INTEGER NOT NULL, '
        '"tax" INTEGER NOT NULL, "total" INTEGER NOT NULL, "cost" INTEGER NOT NULL, PRIMARY KEY ("document_id", "number"), '
        "FOREIGN KEY (document_id) REFERENCES sales_invoice (document_id)) STRICT, WITHOUT ROWID"
    ),
    'CREATE INDEX "sales_invoice_line_order_id" ON "sales_invoice_line" ("order_id")',
    (
        "CREATE TRIGGER sales_invoice_line_no_update BEFORE UPDATE OF document_id, number, order_id, order_line_id, product_id, "
        "description, quantity, unit_price, discount, net_discount, net, tax, total, cost ON sales_invoice_line BEGIN SELECT "
        "RAISE(ABORT, 'append-only: rows of sales_invoice_line never change'); END"
    ),
    (
        "CREATE TRIGGER sales_invoice_line_no_delete BEFORE DELETE ON sales_invoice_line BEGIN SELECT RAISE(ABORT, 'append-only: "
        "rows of sales_invoice_line never change'); END"
    ),
    (
        'CREATE TABLE "sales_invoice_tax" ("document_id" TEXT NOT NULL, "line_number" INTEGER NOT NULL, "code" TEXT NOT NULL, '
        '"rate" INTEGER NOT NULL, "base" INTEGER NOT NULL, "amount" INTEGER NOT NULL, PRIMARY KEY ("document_id", "line_number", '
        '"code"), FOREIGN KEY (document_id) REFERENCES sales_invoice (document_id)) STRICT, WITHOUT ROWID'
    ),
    (
        "CREATE TRIGGER sales_invoice_tax_no_update BEFORE UPDATE OF document_id, line_number, code, rate, base, amount ON "
        "sales_invoice_tax BEGIN SELECT RAISE(ABORT, 'append-only: rows of sales_invoice_tax never change'); END"
    ),
    (
        "CREATE TRIGGER sales_invoice_tax_no_delete BEFORE DELETE ON sales_invoice_tax BEGIN SELECT RAISE(ABORT, 'append-only: "
        "rows of sales_invoice_tax never change'); END"
    ),
    (
        'CREATE TABLE "sales_invoice_charge" ("document_id" TEXT NOT NULL, "number" INTEGER NOT NULL, "order_id" TEXT NOT NULL, '
        '"order_number" INTEGER NOT NULL, "code" TEXT NOT NULL, "amount" INTEGER NOT NULL, "tax" INTEGER NOT NULL, PRIMARY KEY '
        '("document_id", "number"), FOREIGN KEY (document_id) REFERENCES sales_invoice (document_id)) STRICT, WITHOUT ROWID'
    ),
    (
        "CREATE TRIGGER sales_invoice_charge_no_update BEFORE UPDATE OF document_id, number, order_id, order_number, code, "
        "amount, tax ON sales_invoice_charge BEGIN SELECT RAISE(ABORT, 'append-only: rows of sales_invoice_charge never change');"
        " END"
    ),
    (
        "CREATE TRIGGER sales_invoice_charge_no_delete BEFORE DELETE ON sales_invoice_charge BEGIN SELECT RAISE(ABORT, "
        "'append-only: rows of sales_invoice_charge never change'); END"
    ),
    (
        'CREATE TABLE "sales_source" ("document_id" TEXT NOT NULL, "number" INTEGER NOT NULL, "sold" INTEGER NOT NULL, "claimed" '
        'INTEGER NOT NULL, "valued" INTEGER NOT NULL, "discount" INTEGER NOT NULL, "net_discount" INTEGER NOT NULL, "net" INTEGER'
        ' NOT NULL, "cost" INTEGER NOT NULL, "changes" INTEGER NOT NULL, PRIMARY KEY ("document_id", "number"), FOREIGN KEY '
        "(document_id, number) REFERENCES sales_invoice_line (document_id, number), CHECK (valued BETWEEN 0 AND claimed AND "
        "claimed <= sold)) STRICT, WITHOUT ROWID"
    ),
    (
        'CREATE TABLE "sales_source_tax" ("document_id" TEXT NOT NULL, "number" INTEGER NOT NULL, "code" TEXT NOT NULL, "amount" '
        'INTEGER NOT NULL, PRIMARY KEY ("document_id", "number", "code"), FOREIGN KEY (document_id, number) REFERENCES '
        "sales_source (document_id, number)) STRICT, WITHOUT ROWID"
    ),
    (
        'CREATE TABLE "sales_draft" ("id" TEXT NOT NULL PRIMARY KEY, "legal_entity_id" TEXT NOT NULL, "store_id" TEXT NOT NULL, '
        '"kind" TEXT NOT NULL, "state" TEXT NOT NULL, "version" INTEGER NOT NULL, "customer_id" TEXT, "of_id" TEXT, "of_version" '
        'INTEGER, "expires_on" TEXT NOT NULL, "currency" TEXT NOT NULL, "total" INTEGER NOT NULL, "content" TEXT NOT NULL, '
        '"created_at" INTEGER NOT NULL, "created_by" TEXT NOT NULL, "changed_at" INTEGER NOT NULL, "reason" TEXT, FOREIGN KEY '
        "(legal_entity_id) REFERENCES org_legal_entity (id), CHECK (kind IN ('cart', 'quote', 'edit')), CHECK (state IN ('open', "
        "'committed', 'void', 'lost', 'expired')), CHECK ((kind = 'edit') = (of_id IS NOT NULL)), CHECK (version > 0)) STRICT"
    ),
    'CREATE INDEX "sales_draft_legal_entity_id_id" ON "sales_draft" ("legal_entity_id", "id")',
    'CREATE UNIQUE INDEX "sales_draft_edit" ON "sales_draft" ("of_id", "of_version") WHERE state = \'open\' AND of_id IS NOT NULL',
    'CREATE INDEX "sales_draft_expiry" ON "sales_draft" ("legal_entity_id", "expires_on") WHERE state = \'open\'',
    'CREATE INDEX "sales_draft_of" ON "sales_draft" ("of_id", "id") WHERE of_id IS NOT NULL',
    'CREATE INDEX "sales_draft_customer" ON "sales_draft" ("customer_id", "id") WHERE customer_id IS NOT NULL',
    (
        'CREATE TABLE "stock_balance" ("product_id" TEXT NOT NULL, "warehouse_id" TEXT NOT NULL, "on_hand" INTEGER NOT NULL, '
        '"on_order" INTEGER NOT NULL, "reserved" INTEGER NOT NULL, "picked" INTEGER NOT NULL, "ordered" INTEGER NOT NULL, '
        '"in_transit" INTEGER NOT NULL, "registered" INTEGER NOT NULL, "reserved_ordered" INTEGER NOT NULL, "blocked" INTEGER NOT'
        ' NULL, "value" INTEGER NOT NULL, "issued_value" INTEGER NOT NULL, PRIMARY KEY ("product_id", "warehouse_id"), CHECK '
        "(on_hand <> 0 OR value = 0)) STRICT, WITHOUT ROWID"
    ),
    (
        'CREATE TABLE "stock_transaction" ("lot_id" TEXT NOT NULL, "sequence" INTEGER NOT NULL, "document_id" TEXT NOT NULL, '
        '"legal_entity_id" TEXT NOT NULL, "product_id" TEXT NOT NULL, "warehouse_id" TEXT NOT NULL, "from_status" TEXT NOT NULL, '
        '"to_status" TEXT NOT NULL, "quantity" INTEGER NOT NULL, "cost" INTEGER NOT NULL, "issued_cost" INTEGER NOT NULL, "date" '
        'TEXT NOT NULL, "rule" TEXT NOT NULL, "source_lot_id" TEXT, PRIMARY KEY ("lot_id", "sequence"), FOREIGN KEY (document_id,'
        " legal_entity_id) REFERENCES kernel_document (id, legal_entity_id)) STRICT, WITHOUT ROWID"
    ),
    'CREATE INDEX "stock_transaction_product_id_warehouse_id_lot_id" ON "stock_transaction" ("product_id", "warehouse_id", "lot_id")',
    'CREATE INDEX "stock_transaction_source" ON "stock_transaction" ("source_lot_id") WHERE source_lot_id IS NOT NULL',
    (
        "CREATE TRIGGER stock_transaction_no_update BEFORE UPDATE OF lot_id, sequence, document_id, legal_entity_id, product_id, "
        "warehouse_id, from_status, to_status, quantity, cost, issued_cost, date, rule, source_lot_id ON stock_transaction BEGIN "
        "SELECT RAISE(ABORT, 'append-only: rows of stock_transaction never change'); END"
    ),
    (
        "CREATE TRIGGER stock_transaction_no_delete BEFORE DELETE ON stock_transaction BEGIN SELECT RAISE(ABORT, 'append-only: "
        "rows of stock_transaction never change'); END"
    ),
    (
        'CREATE TABLE "stock_adjustment" ("document_id" TEXT NOT NULL PRIMARY KEY, "legal_entity_id" TEXT NOT NULL, '
        '"warehouse_id" TEXT NOT NULL, "reason" TEXT NOT NULL, "note" TEXT, FOREIGN KEY (document_id, legal_entity_id) REFERENCES'
        " kernel_document (id, legal_entity_id)) STRICT"
    ),
    (
        "CREATE TRIGGER stock_adjustment_no_update BEFORE UPDATE OF document_id, legal_entity_id, warehouse_id, reason, note ON "
        "stock_adjustment BEGIN SELECT RAISE(ABORT, 'append-only: rows of stock_adjustment never change'); END"
    ),
    (
        "CREATE TRIGGER stock_adjustment_no_delete BEFORE DELETE ON stock_adjustment BEGIN SELECT RAISE(ABORT, 'append-only: rows"
        " of stock_adjustment never change'); END"
    ),
    (
        'CREATE TABLE "stock_adjustment_line" ("document_id" TEXT NOT NULL, "number" INTEGER NOT NULL, "lot_id" TEXT NOT NULL, '
        '"product_id" TEXT NOT NULL, "quantity" INTEGER NOT NULL, "cost" INTEGER NOT NULL, PRIMARY KEY ("document_id", "number"),'
        " FOREIGN KEY (document_id) REFERENCES stock_adjustment (document_id)) STRICT, WITHOUT ROWID"
    ),
    (
        "CREATE TRIGGER stock_adjustment_line_no_update BEFORE UPDATE OF document_id, number, lot_id, product_id, quantity, cost "
        "ON stock_adjustment_line BEGIN SELECT RAISE(ABORT, 'append-only: rows of stock_adjustment_line never change'); END"
    ),
    (
        "CREATE TRIGGER stock_adjustment_line_no_delete BEFORE DELETE ON stock_adjustment_line BEGIN SELECT RAISE(ABORT, "
        "'append-only: rows of stock_adjustment_line never change'); END"
    ),
    (
        'CREATE TABLE "stock_reservation" ("document_id" TEXT NOT NULL PRIMARY KEY, "legal_entity_id" TEXT NOT NULL, "note" TEXT,'
        ' "expires_at" INTEGER, "waits" INTEGER NOT NULL, FOREIGN KEY (document_id, legal_entity_id) REFERENCES kernel_document '
        "(id, legal_entity_id)) STRICT"
    ),
    'CREATE INDEX "stock_reservation_expiring" ON "stock_reservation" ("legal_entity_id", "expires_at") WHERE expires_at IS NOT NULL',
    'CREATE INDEX "stock_reservation_waiting" ON "stock_reservation" ("legal_entity_id", "document_id") WHERE waits',
    (
        "CREATE TRIGGER stock_reservation_no_update BEFORE UPDATE OF document_id, legal_entity_id, note ON stock_reservation "
        "BEGIN SELECT RAISE(ABORT, 'append-only: rows of stock_reservation never change'); END"
    ),
    (
        "CREATE TRIGGER stock_reservation_no_delete BEFORE DELETE ON stock_reservation BEGIN SELECT RAISE(ABORT, 'append-only: "
        "rows of stock_reservation never change'); END"
    ),
    (
        'CREATE TABLE "stock_reservation_line" ("document_id" TEXT NOT NULL, "number" INTEGER NOT NULL, "lot_id" TEXT NOT NULL, '
        '"product_id" TEXT NOT NULL, "warehouse_id" TEXT NOT NULL, "quantity" INTEGER NOT NULL, "basis" TEXT NOT NULL, PRIMARY '
        'KEY ("document_id", "number"), FOREIGN KEY (document_id) REFERENCES stock_reservation (document_id), CHECK (basis IN '
        "('on_hand', 'ordered')), CHECK (quantity > 0)) STRICT, WITHOUT ROWID"
    ),
    'CREATE INDEX "stock_reservation_line_lot_id" ON "stock_reservation_line" ("lot_id")',
    (
        "CREATE TRIGGER stock_reservation_line_no_update BEFORE UPDATE OF document_id, number, lot_id, product_id, warehouse_id, "
        "quantity, basis ON stock_reservation_line BEGIN SELECT RAISE(ABORT, 'append-only: rows of stock_reservation_line never "
        "change'); END"
    ),
    (
        "CREATE TRIGGER stock_reservation_line_no_delete BEFORE DELETE ON stock_reservation_line BEGIN SELECT RAISE(ABORT, "
        "'append-only: rows of stock_reservation_line never change'); END"
    ),
    (
        'CREATE TABLE "stock_block" ("document_id" TEXT NOT NULL PRIMARY KEY, "legal_entity_id" TEXT NOT NULL, "warehouse_id" '
        'TEXT NOT NULL, "reason" TEXT NOT NULL, "note" TEXT, FOREIGN KEY (document_id, legal_entity_id) REFERENCES '
        "kernel_document (id, legal_entity_id)) STRICT"
    ),
    (
        "CREATE TRIGGER stock_block_no_update BEFORE UPDATE OF document_id, legal_entity_id, warehouse_id, reason, note ON "
        "stock_block BEGIN SELECT RAISE(ABORT, 'append-only: rows of stock_block never change'); END"
    ),
    (
        "CREATE TRIGGER stock_block_no_delete BEFORE DELETE ON stock_block BEGIN SELECT RAISE(ABORT, 'append-only: rows of "
        "stock_block never change'); END"
    ),
    (
        'CREATE TABLE "stock_block_line" ("document_id" TEXT NOT NULL, "number" INTEGER NOT NULL, "lot_id" TEXT NOT NULL, '
        '"product_id" TEXT NOT NULL, "quantity" INTEGER NOT NULL, PRIMARY KEY ("document_id", "number"), FOREIGN KEY '
        "(document_id) REFERENCES stock_block (document_id), CHECK (quantity > 0)) STRICT, WITHOUT ROWID"
    ),
    (
        "CREATE TRIGGER stock_block_line_no_update BEFORE UPDATE OF document_id, number, lot_id, product_id, quantity ON "
        "stock_block_line BEGIN SELECT RAISE(ABORT, 'append-only: rows of stock_block_line never change'); END"
    ),
    (
        "CREATE TRIGGER stock_block_line_no_delete BEFORE DELETE ON stock_block_line BEGIN SELECT RAISE(ABORT, 'append-only: rows"
        " of stock_block_line never change'); END"
    ),
    (
        'CREATE TABLE "stock_transfer" ("document_id" TEXT NOT NULL PRIMARY KEY, "legal_entity_id" TEXT NOT NULL, '
        '"from_warehouse_id" TEXT NOT NULL, "to_warehouse_id" TEXT NOT NULL, "note" TEXT, FOREIGN KEY (document_id, '
        "legal_entity_id) REFERENCES kernel_document (id, legal_entity_id), CHECK (from_warehouse_id <> to_warehouse_id)) STRICT"
    ),
    (
        "CREATE TRIGGER stock_transfer_no_update BEFORE UPDATE OF document_id, legal_entity_id, from_warehouse_id, "
        "to_warehouse_id, note ON stock_transfer BEGIN SELECT RAISE(ABORT, 'append-only: rows of stock_transfer never change'); "
        "END"
    ),
    (
        "CREATE TRIGGER stock_transfer_no_delete BEFORE DELETE ON stock_transfer BEGIN SELECT RAISE(ABORT, 'append-only: rows of "
        "stock_transfer never change'); END"
    ),
    (
        'CREATE TABLE "stock_transfer_line" ("id" TEXT NOT NULL PRIMARY KEY, "document_id" TEXT NOT NULL, "number" INTEGER NOT '
        'NULL, "product_id" TEXT NOT NULL, "quantity" INTEGER NOT NULL, "receipt_lot_id" TEXT NOT NULL, UNIQUE (document_id, '
        "number), FOREIGN KEY (document_id) REFERENCES stock_transfer (document_id), CHECK (quantity > 0)) STRICT"
    ),
    (
        "CREATE TRIGGER stock_transfer_line_no_update BEFORE UPDATE OF id, document_id, number, product_id, quantity, "
        "receipt_lot_id ON stock_transfer_line BEGIN SELECT RAISE(ABORT, 'append-only: rows of stock_transfer_line never "
        "change'); END"
    ),
    (
        "CREATE TRIGGER stock_transfer_line_no_delete BEFORE DELETE ON stock_transfer_line BEGIN SELECT RAISE(ABORT, "
        "'append-only: rows of stock_transfer_line never change'); END"
    ),
    (
        'CREATE TABLE "stock_transfer_balance" ("line_id" TEXT NOT NULL PRIMARY KEY, "ordered" INTEGER NOT NULL, "cancelled" '
        'INTEGER NOT NULL, "shipped" INTEGER NOT NULL, "received" INTEGER NOT NULL, "lost" INTEGER NOT NULL, "shipped_cost" '
        'INTEGER NOT NULL, "received_cost" INTEGER NOT NULL, CHECK (shipped + cancelled <= ordered), CHECK (received + lost <= '
        "shipped)) STRICT, WITHOUT ROWID"
    ),
    (
        'CREATE TABLE "stock_transfer_posting" ("document_id" TEXT NOT NULL PRIMARY KEY, "legal_entity_id" TEXT NOT NULL, '
        '"transfer_id" TEXT NOT NULL, FOREIGN KEY (document_id, legal_entity_id) REFERENCES kernel_document (id, '
        "legal_entity_id), FOREIGN KEY (transfer_id) REFERENCES stock_transfer (document_id)) STRICT"
    ),
    'CREATE INDEX "stock_transfer_posting_transfer_id" ON "stock_transfer_posting" ("transfer_id")',
    (
        "CREATE TRIGGER stock_transfer_posting_no_update BEFORE UPDATE OF document_id, legal_entity_id, transfer_id ON "
        "stock_transfer_posting BEGIN SELECT RAISE(ABORT, 'append-only: rows of stock_transfer_posting never change'); END"
    ),
    (
        "CREATE TRIGGER stock_transfer_posting_no_delete BEFORE DELETE ON stock_transfer_posting BEGIN SELECT RAISE(ABORT, "
        "'append-only: rows of stock_transfer_posting never change'); END"
    ),
    (
        'CREATE TABLE "stock_transfer_posting_line" ("document_id" TEXT NOT NULL, "number" INTEGER NOT NULL, "line_id" TEXT NOT '
        'NULL, "quantity" INTEGER NOT NULL, "lost" INTEGER NOT NULL, "cost" INTEGER NOT NULL, "lost_cost" INTEGER NOT NULL, '
        'PRIMARY KEY ("document_id", "number"), FOREIGN KEY (document_id) REFERENCES stock_transfer_posting (document_id)) '
        "STRICT, WITHOUT ROWID"
    ),
    (
        "CREATE TRIGGER stock_transfer_posting_line_no_update BEFORE UPDATE OF document_id, number, line_id, quantity, lost, "
        "cost, lost_cost ON stock_transfer_posting_line BEGIN SELECT RAISE(ABORT, 'append-only: rows of "
        "stock_transfer_posting_line never change'); END"
    ),
    (
        "CREATE TRIGGER stock_transfer_posting_line_no_delete BEFORE DELETE ON stock_transfer_posting_line BEGIN SELECT "
        "RAISE(ABORT, 'append-only: rows of stock_transfer_posting_line never change'); END"
    ),
    (
        'CREATE TABLE "stock_cost_adjustment" ("document_id" TEXT NOT NULL PRIMARY KEY, "legal_entity_id" TEXT NOT NULL, "reason"'
        ' TEXT NOT NULL, "closing_id" TEXT, FOREIGN KEY (document_id, legal_entity_id) REFERENCES kernel_document (id, '
        "legal_entity_id)) STRICT"
    ),
    (
        "CREATE TRIGGER stock_cost_adjustment_no_update BEFORE UPDATE OF document_id, legal_entity_id, reason, closing_id ON "
        "stock_cost_adjustment BEGIN SELECT RAISE(ABORT, 'append-only: rows of stock_cost_adjustment never change'); END"
    ),
    (
        "CREATE TRIGGER stock_cost_adjustment_no_delete BEFORE DELETE ON stock_cost_adjustment BEGIN SELECT RAISE(ABORT, "
        "'append-only: rows of stock_cost_adjustment never change'); END"
    ),
    (
        'CREATE TABLE "stock_cost_layer" ("document_id" TEXT NOT NULL, "number" INTEGER NOT NULL, "lot_id" TEXT NOT NULL, '
        '"product_id" TEXT NOT NULL, "warehouse_id" TEXT NOT NULL, "value" INTEGER NOT NULL, "variance" INTEGER NOT NULL, "role" '
        'TEXT NOT NULL, "selector" TEXT NOT NULL, "follows_lot_id" TEXT, PRIMARY KEY ("document_id", "number"), FOREIGN KEY '
        "(document_id) REFERENCES stock_cost_adjustment (document_id)) STRICT, WITHOUT ROWID"
    ),
    'CREATE INDEX "stock_cost_layer_lot_id" ON "stock_cost_layer" ("lot_id")',
    (
        "CREATE TRIGGER stock_cost_layer_no_update BEFORE UPDATE OF document_id, number, lot_id, product_id, warehouse_id, value,"
        " variance, role, selector, follows_lot_id ON stock_cost_layer BEGIN SELECT RAISE(ABORT, 'append-only: rows of "
        "stock_cost_layer never change'); END"
    ),
    (
        "CREATE TRIGGER stock_cost_layer_no_delete BEFORE DELETE ON stock_cost_layer BEGIN SELECT RAISE(ABORT, 'append-only: rows"
        " of stock_cost_layer never change'); END"
    ),
    (
        'CREATE TABLE "stock_closing" ("document_id" TEXT NOT NULL PRIMARY KEY, "legal_entity_id" TEXT NOT NULL, "through" TEXT '
        "NOT NULL, FOREIGN KEY (document_id, legal_entity_id) REFERENCES kernel_document (id, legal_entity_id)) STRICT"
    ),
    (
        "CREATE TRIGGER stock_closing_no_update BEFORE UPDATE OF document_id, legal_entity_id, through ON stock_closing BEGIN "
        "SELECT RAISE(ABORT, 'append-only: rows of stock_closing never change'); END"
    ),
    (
        "CREATE TRIGGER stock_closing_no_delete BEFORE DELETE ON stock_closing BEGIN SELECT RAISE(ABORT, 'append-only: rows of "
        "stock_closing never change'); END"
    ),
    (
        'CREATE TABLE "stock_closed" ("legal_entity_id" TEXT NOT NULL PRIMARY KEY, "through" TEXT NOT NULL, "version" INTEGER NOT'
        " NULL, CHECK (version > 0)) STRICT"
    ),
    (
        'CREATE TABLE "stock_settlement" ("document_id" TEXT NOT NULL, "number" INTEGER NOT NULL, "issue_lot_id" TEXT NOT NULL, '
        '"receipt_lot_id" TEXT NOT NULL, "quantity" INTEGER NOT NULL, "cost" INTEGER NOT NULL, PRIMARY KEY ("document_id", '
        '"number"), FOREIGN KEY (document_id) REFERENCES stock_cost_adjustment (document_id), CHECK (quantity > 0)) STRICT, '
        "WITHOUT ROWID"
    ),
    'CREATE INDEX "stock_settlement_issue_lot_id" ON "stock_settlement" ("issue_lot_id")',
    'CREATE INDEX "stock_settlement_receipt_lot_id" ON "stock_settlement" ("receipt_lot_id")',
    (
        "CREATE TRIGGER stock_settlement_no_update BEFORE UPDATE OF document_id, number, issue_lot_id, receipt_lot_id, quantity, "
        "cost ON stock_settlement BEGIN SELECT RAISE(ABORT, 'append-only: rows of stock_settlement never change'); END"
    ),
    (
        "CREATE TRIGGER stock_settlement_no_delete BEFORE DELETE ON stock_settlement BEGIN SELECT RAISE(ABORT, 'append-only: rows"
        " of stock_settlement never change'); END"
    ),
    (
        'CREATE TABLE "stock_count" ("document_id" TEXT NOT NULL PRIMARY KEY, "legal_entity_id" TEXT NOT NULL, "warehouse_id" '
        'TEXT NOT NULL, "note" TEXT, FOREIGN KEY (document_id, legal_entity_id) REFERENCES kernel_document (id, legal_entity_id))'
        " STRICT"
    ),
    (
        "CREATE TRIGGER stock_count_no_update BEFORE UPDATE OF document_id, legal_entity_id, warehouse_id, note ON stock_count "
        "BEGIN SELECT RAISE(ABORT, 'append-only: rows of stock_count never change'); END"
    ),
    (
        "CREATE TRIGGER stock_count_no_delete BEFORE DELETE ON stock_count BEGIN SELECT RAISE(ABORT, 'append-only: rows of "
        "stock_count never change'); END"
    ),
    (
        'CREATE TABLE "stock_count_line" ("document_id" TEXT NOT NULL, "number" INTEGER NOT NULL, "product_id" TEXT NOT NULL, '
        '"expected" INTEGER NOT NULL, "counted" INTEGER, PRIMARY KEY ("document_id", "number"), FOREIGN KEY (document_id) '
        "REFERENCES stock_count (document_id), UNIQUE (document_id, product_id)) STRICT, WITHOUT ROWID"
    ),
    (
        "CREATE TRIGGER stock_count_line_no_update BEFORE UPDATE OF document_id, number, product_id, expected ON stock_count_line"
        " BEGIN SELECT RAISE(ABORT, 'append-only: rows of stock_count_line never change'); END"
    ),
    (
        "CREATE TRIGGER stock_count_line_no_delete BEFORE DELETE ON stock_count_line BEGIN SELECT RAISE(ABORT, 'append-only: rows"
        " of stock_count_line never change'); END"
    ),
]

POSTGRESQL = [
    (
        "CREATE OR REPLACE FUNCTION kernel_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$\n"
        "BEGIN RAISE EXCEPTION 'append-only: rows of % never change', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$"
    ),
    (
        'CREATE TABLE "org_legal_entity" ("id" UUID NOT NULL PRIMARY KEY, "code" TEXT NOT NULL, "name" TEXT NOT NULL, "currency" '
        'TEXT NOT NULL, "time_zone" TEXT NOT NULL, "country" TEXT, "version" BIGINT NOT NULL, CHECK (version > 0))'
    ),
    'CREATE UNIQUE INDEX "org_legal_entity_code" ON "org_legal_entity" ("code")',
    (
        'CREATE TABLE "catalog_item_model_group" ("id" UUID NOT NULL PRIMARY KEY, "legal_entity_id" UUID, "code" TEXT NOT NULL, '
        '"costing" TEXT NOT NULL, "stocked" BOOLEAN NOT NULL, "post_physical" BOOLEAN NOT NULL, "quarantine_management" BOOLEAN '
        'NOT NULL, "negative_stock" TEXT, "version" BIGINT NOT NULL, FOREIGN KEY (legal_entity_id) REFERENCES org_legal_entity '
        "(id), CHECK (costing IN ('moving_average', 'standard', 'fifo')), CHECK (negative_stock IN ('refuse', 'warn', 'allow')), "
        "CHECK (version > 0))"
    ),
    (
        "CREATE UNIQUE INDEX catalog_item_model_group_code ON catalog_item_model_group (code, (coalesce(legal_entity_id, "
        "'00000000-0000-0000-0000-000000000000')))"
    ),
    (
        'CREATE TABLE "catalog_category" ("id" UUID NOT NULL PRIMARY KEY, "code" TEXT NOT NULL, "name" TEXT NOT NULL, "parent_id"'
        ' UUID, "path" TEXT NOT NULL, "return_policy" TEXT, "version" BIGINT NOT NULL, FOREIGN KEY (parent_id) REFERENCES '
        "catalog_category (id), CHECK (version > 0))"
    ),
    'CREATE UNIQUE INDEX "catalog_category_code" ON "catalog_category" ("code")',
    'CREATE INDEX "catalog_category_path" ON "catalog_category" ("path")',
    (
        'CREATE TABLE "catalog_product" ("id" UUID NOT NULL PRIMARY KEY, "number" TEXT NOT NULL, "name" TEXT NOT NULL, '
        '"category_id" UUID, "kind" TEXT NOT NULL, "unit" TEXT NOT NULL, "item_model_group" TEXT, "keywords" TEXT NOT NULL, '
        '"master_id" UUID, "dimensions" TEXT, "size" TEXT, "colour" TEXT, "style" TEXT, "configuration" TEXT, "search_name" TEXT '
        'NOT NULL, "search_more" TEXT NOT NULL, "version" BIGINT NOT NULL, FOREIGN KEY (category_id) REFERENCES catalog_category '
        "(id), FOREIGN KEY (master_id) REFERENCES catalog_product (id), CHECK (master_id IS NULL OR dimensions IS NULL), CHECK "
        "(kind IN ('goods', 'service')), CHECK (kind = 'service' OR item_model_group IS NOT NULL), CHECK (version > 0))"
    ),
    'CREATE UNIQUE INDEX "catalog_product_number" ON "catalog_product" ("number")',
    'CREATE INDEX "catalog_product_category_id" ON "catalog_product" ("category_id")',
    (
        "CREATE UNIQUE INDEX catalog_product_variant ON catalog_product (master_id, (coalesce(size, '')), (coalesce(colour, '')),"
        " (coalesce(style, '')), (coalesce(configuration, ''))) WHERE master_id IS NOT NULL"
    ),
    (
        "ALTER TABLE catalog_product ADD COLUMN search tsvector GENERATED ALWAYS AS (setweight(to_tsvector('simple', "
        "search_name), 'A') || setweight(to_tsvector('simple', search_more), 'D')) STORED"
    ),
    "CREATE INDEX catalog_product_search ON catalog_product USING gin (search) WITH (fastupdate = off)",
    (
        'CREATE TABLE "catalog_barcode" ("code" TEXT NOT NULL PRIMARY KEY, "barcode" TEXT NOT NULL, "product_id" UUID NOT NULL, '
        '"kind" TEXT NOT NULL, "active" BOOLEAN NOT NULL, FOREIGN KEY (product_id) REFERENCES catalog_product (id), CHECK (kind '
        "IN ('gtin', 'internal')))"
    ),
    'CREATE INDEX "catalog_barcode_product_id" ON "catalog_barcode" ("product_id")',
    (
        'CREATE TABLE "catalog_release" ("product_id" UUID NOT NULL, "legal_entity_id" UUID NOT NULL, "tax_group" TEXT, '
        '"standard_cost_micro" BIGINT NOT NULL, "blocked" BOOLEAN NOT NULL, "version" BIGINT NOT NULL, PRIMARY KEY ("product_id",'
        ' "legal_entity_id"), FOREIGN KEY (product_id) REFERENCES catalog_product (id), FOREIGN KEY (legal_entity_id) REFERENCES '
        "org_legal_entity (id), CHECK (standard_cost_micro >= 0), CHECK (version > 0))"
    ),
    (
        'CREATE TABLE "org_warehouse" ("id" UUID NOT NULL PRIMARY KEY, "legal_entity_id" UUID NOT NULL, "code" TEXT NOT NULL, '
        '"name" TEXT NOT NULL, "kind" TEXT NOT NULL, "store_id" UUID, "quarantine_warehouse_id" UUID, "return_place_id" UUID, '
        '"address" TEXT, "version" BIGINT NOT NULL, UNIQUE (id, legal_entity_id), UNIQUE (legal_entity_id, code), FOREIGN KEY '
        "(legal_entity_id) REFERENCES org_legal_entity (id), FOREIGN KEY (quarantine_warehouse_id, legal_entity_id) REFERENCES "
        "org_warehouse (id, legal_entity_id), CHECK (kind IN ('store', 'non_store', 'quarantine')), CHECK (version > 0))"
    ),
    (
        'CREATE TABLE "org_profile" ("id" UUID NOT NULL PRIMARY KEY, "legal_entity_id" UUID NOT NULL, "code" TEXT NOT NULL, '
        '"name" TEXT NOT NULL, "version" BIGINT NOT NULL, UNIQUE (id, legal_entity_id), UNIQUE (legal_entity_id, code), FOREIGN '
        "KEY (legal_entity_id) REFERENCES org_legal_entity (id), CHECK (version > 0))"
    ),
    (
        'CREATE TABLE "org_store" ("id" UUID NOT NULL PRIMARY KEY, "legal_entity_id" UUID NOT NULL, "number" TEXT NOT NULL, '
        '"name" TEXT NOT NULL, "time_zone" TEXT NOT NULL, "currency" TEXT NOT NULL, "warehouse_id" UUID NOT NULL, '
        '"price_includes_tax" BOOLEAN NOT NULL, "profile_id" UUID, "status" TEXT NOT NULL, "opens_on" DATE, "closes_on" DATE, '
        '"address" TEXT, "version" BIGINT NOT NULL, UNIQUE (id, legal_entity_id), UNIQUE (legal_entity_id, number), FOREIGN KEY '
        "(legal_entity_id) REFERENCES org_legal_entity (id), FOREIGN KEY (warehouse_id, legal_entity_id) REFERENCES org_warehouse"
        " (id, legal_entity_id), FOREIGN KEY (profile_id, legal_entity_id) REFERENCES org_profile (id, legal_entity_id), CHECK "
        "(closes_on IS NULL OR opens_on IS NULL OR closes_on >= opens_on), CHECK (status IN ('open', 'closed')), CHECK (version >"
        " 0))"
    ),
    (
        'CREATE TABLE "catalog_price_list" ("id" UUID NOT NULL PRIMARY KEY, "legal_entity_id" UUID NOT NULL, "code" TEXT NOT '
        'NULL, "name" TEXT NOT NULL, "currency" TEXT NOT NULL, "store_id" UUID, "priority" BIGINT NOT NULL, "includes_tax" '
        'BOOLEAN, "version" BIGINT NOT NULL, UNIQUE (legal_entity_id, code), FOREIGN KEY (legal_entity_id) REFERENCES '
        "org_legal_entity (id), FOREIGN KEY (store_id, legal_entity_id) REFERENCES org_store (id, legal_entity_id), CHECK "
        "(version > 0))"
    ),
    (
        'CREATE TABLE "catalog_price" ("id" UUID NOT NULL PRIMARY KEY, "price_list_id" UUID NOT NULL, "product_id" UUID NOT NULL,'
        ' "from_date" DATE NOT NULL, "to_date" DATE, "unit_price_micro" BIGINT NOT NULL, "entered_at" BIGINT NOT NULL, FOREIGN '
        "KEY (price_list_id) REFERENCES catalog_price_list (id), FOREIGN KEY (product_id) REFERENCES catalog_product (id), CHECK "
        "(unit_price_micro >= 0), CHECK (to_date IS NULL OR to_date >= from_date))"
    ),
    'CREATE INDEX "catalog_price_product_id_price_list_id" ON "catalog_price" ("product_id", "price_list_id")',
    (
        "CREATE TRIGGER catalog_price_no_update BEFORE UPDATE OF id, price_list_id, product_id, from_date, to_date, "
        "unit_price_micro, entered_at ON catalog_price FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()"
    ),
    "CREATE TRIGGER catalog_price_no_delete BEFORE DELETE ON catalog_price FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()",
    "CREATE TRIGGER catalog_price_no_truncate BEFORE TRUNCATE ON catalog_price FOR EACH STATEMENT EXECUTE FUNCTION kernel_refuse_change()",
    (
        'CREATE TABLE "catalog_discount" ("id" UUID NOT NULL PRIMARY KEY, "legal_entity_id" UUID NOT NULL, "code" TEXT NOT NULL, '
        '"name" TEXT NOT NULL, "product_id" UUID, "category_id" UUID, "store_id" UUID, "price_list_id" UUID, "rate_micro" BIGINT,'
        ' "amount_micro" BIGINT, "currency" TEXT, "minimum_quantity" BIGINT NOT NULL, "from_date" DATE NOT NULL, "to_date" DATE, '
        '"active" BOOLEAN NOT NULL, "version" BIGINT NOT NULL, UNIQUE (legal_entity_id, code), FOREIGN KEY (legal_entity_id) '
        "REFERENCES org_legal_entity (id), FOREIGN KEY (product_id) REFERENCES catalog_product (id), FOREIGN KEY (category_id) "
        "REFERENCES catalog_category (id), FOREIGN KEY (store_id, legal_entity_id) REFERENCES org_store (id, legal_entity_id), "
        "FOREIGN KEY (price_list_id) REFERENCES catalog_price_list (id), CHECK (product_id IS NULL OR category_id IS NULL), CHECK"
        " ((rate_micro IS NULL) <> (amount_micro IS NULL)), CHECK ((amount_micro IS NULL) = (currency IS NULL)), CHECK "
        "(rate_micro IS NULL OR (rate_micro > 0 AND rate_micro <= 1000000)), CHECK (amount_micro IS NULL OR amount_micro > 0), "
        "CHECK (minimum_quantity >= 0), CHECK (to_date IS NULL OR to_date >= from_date), CHECK (version > 0))"
    ),
    (
        "CREATE TRIGGER catalog_discount_no_update BEFORE UPDATE OF id, legal_entity_id, code, product_id, category_id, store_id,"
        " price_list_id, rate_micro, amount_micro, currency, minimum_quantity, from_date ON catalog_discount FOR EACH ROW EXECUTE"
        " FUNCTION kernel_refuse_change()"
    ),
    "CREATE TRIGGER catalog_discount_no_delete BEFORE DELETE ON catalog_discount FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()",
    (
        "CREATE TRIGGER catalog_discount_no_truncate BEFORE TRUNCATE ON catalog_discount FOR EACH STATEMENT EXECUTE FUNCTION "
        "kernel_refuse_change()"
    ),
    (
        'CREATE TABLE "catalog_tax_code" ("id" UUID NOT NULL PRIMARY KEY, "legal_entity_id" UUID NOT NULL, "code" TEXT NOT NULL, '
        '"rate_micro" BIGINT NOT NULL, "from_date" DATE NOT NULL, "to_date" DATE, "entered_at" BIGINT NOT NULL, FOREIGN KEY '
        "(legal_entity_id) REFERENCES org_legal_entity (id), CHECK (rate_micro >= 0), CHECK (to_date IS NULL OR to_date >= "
        "from_date))"
    ),
    'CREATE INDEX "catalog_tax_code_legal_entity_id_code" ON "catalog_tax_code" ("legal_entity_id", "code")',
    (
        "CREATE TRIGGER catalog_tax_code_no_update BEFORE UPDATE OF id, legal_entity_id, code, rate_micro, from_date, to_date, "
        "entered_at ON catalog_tax_code FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()"
    ),
    "CREATE TRIGGER catalog_tax_code_no_delete BEFORE DELETE ON catalog_tax_code FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()",
    (
        "CREATE TRIGGER catalog_tax_code_no_truncate BEFORE TRUNCATE ON catalog_tax_code FOR EACH STATEMENT EXECUTE FUNCTION "
        "kernel_refuse_change()"
    ),
    (
        'CREATE TABLE "catalog_tax_group" ("legal_entity_id" UUID NOT NULL, "tax_group" TEXT NOT NULL, "tax_code" TEXT NOT NULL, '
        '"active" BOOLEAN NOT NULL, PRIMARY KEY ("legal_entity_id", "tax_group", "tax_code"), FOREIGN KEY (legal_entity_id) '
        "REFERENCES org_legal_entity (id))"
    ),
    (
        'CREATE TABLE "kernel_document" ("id" UUID NOT NULL PRIMARY KEY, "legal_entity_id" UUID NOT NULL, "kind" TEXT NOT NULL, '
        '"type" TEXT NOT NULL, "state" TEXT NOT NULL, "version" BIGINT NOT NULL, "store_id" UUID, "register" TEXT NOT NULL, '
        '"business_date" DATE NOT NULL, "occurred_at" BIGINT NOT NULL, "created_at" BIGINT NOT NULL, "created_by" TEXT NOT NULL, '
        '"corrects_id" UUID, UNIQUE (id, legal_entity_id), CHECK (version > 0))'
    ),
    'CREATE INDEX "kernel_document_legal_entity_id_kind_id" ON "kernel_document" ("legal_entity_id", "kind", "id")',
    (
        "CREATE TRIGGER kernel_document_no_update BEFORE UPDATE OF id, legal_entity_id, kind, type, store_id, register, "
        "business_date, occurred_at, created_at, created_by, corrects_id ON kernel_document FOR EACH ROW EXECUTE FUNCTION "
        "kernel_refuse_change()"
    ),
    "CREATE TRIGGER kernel_document_no_delete BEFORE DELETE ON kernel_document FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()",
    (
        "CREATE TRIGGER kernel_document_no_truncate BEFORE TRUNCATE ON kernel_document FOR EACH STATEMENT EXECUTE FUNCTION "
        "kernel_refuse_change()"
    ),
    (
        'CREATE TABLE "kernel_document_key" ("document_id" UUID NOT NULL, "legal_entity_id" UUID NOT NULL, "kind" TEXT NOT NULL, '
        '"name" TEXT NOT NULL, "value" TEXT NOT NULL, "identifying" BOOLEAN NOT NULL, "series" TEXT, "register" TEXT, "ordinal" '
        'BIGINT, PRIMARY KEY ("document_id", "name", "value"), FOREIGN KEY (document_id, legal_entity_id) REFERENCES '
        "kernel_document (id, legal_entity_id), UNIQUE (legal_entity_id, series, register, ordinal))"
    ),
    (
        'CREATE UNIQUE INDEX "kernel_document_key_legal_entity_id_value_name_kind" ON "kernel_document_key" ("legal_entity_id", '
        '"value", "name", "kind") WHERE identifying'
    ),
    'CREATE INDEX "kernel_document_key_reference" ON "kernel_document_key" ("legal_entity_id", "value") WHERE NOT identifying',
    (
        "CREATE TRIGGER kernel_document_key_no_update BEFORE UPDATE OF document_id, legal_entity_id, kind, name, value, "
        "identifying, series, register, ordinal ON kernel_document_key FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()"
    ),
    (
        "CREATE TRIGGER kernel_document_key_no_delete BEFORE DELETE ON kernel_document_key FOR EACH ROW EXECUTE FUNCTION "
        "kernel_refuse_change()"
    ),
    (
        "CREATE TRIGGER kernel_document_key_no_truncate BEFORE TRUNCATE ON kernel_document_key FOR EACH STATEMENT EXECUTE "
        "FUNCTION kernel_refuse_change()"
    ),
    (
        'CREATE TABLE "kernel_number_series" ("legal_entity_id" UUID NOT NULL, "name" TEXT NOT NULL, "register" TEXT NOT NULL, '
        '"last" BIGINT NOT NULL, PRIMARY KEY ("legal_entity_id", "name", "register"))'
    ),
    'CREATE TABLE "kernel_revision" ("room" TEXT NOT NULL PRIMARY KEY, "value" BIGINT NOT NULL)',
    (
        'CREATE TABLE "kernel_idempotency" ("principal" TEXT NOT NULL, "key" TEXT NOT NULL, "actor" TEXT NOT NULL, "fingerprint" '
        'TEXT NOT NULL, "operation" TEXT NOT NULL, "state" TEXT NOT NULL, "status" BIGINT NOT NULL, "answer" TEXT, "document_id" '
        'UUID, "created_at" BIGINT NOT NULL, PRIMARY KEY ("principal", "key"), CHECK (state IN (\'open\', \'answered\', '
        "'confidential', 'forgotten')), CHECK (state = 'answered' OR answer IS NULL))"
    ),
    'CREATE INDEX "kernel_idempotency_kept" ON "kernel_idempotency" ("created_at") WHERE answer IS NOT NULL',
    (
        'CREATE TABLE "kernel_audit" ("id" UUID NOT NULL PRIMARY KEY, "at" BIGINT NOT NULL, "actor" TEXT NOT NULL, "approver" '
        'TEXT, "operation" TEXT NOT NULL, "legal_entity_id" UUID, "store_id" UUID, "register" TEXT, "request_id" TEXT, "origin" '
        'TEXT NOT NULL, "outcome" TEXT NOT NULL, "code" TEXT, "detail" TEXT)'
    ),
    'CREATE INDEX "kernel_audit_at" ON "kernel_audit" ("at")',
    'CREATE INDEX "kernel_audit_approved" ON "kernel_audit" ("at") WHERE approver IS NOT NULL',
    (
        "CREATE TRIGGER kernel_audit_no_update BEFORE UPDATE OF id, at, actor, approver, operation, legal_entity_id, store_id, "
        "register, request_id, origin, outcome, code, detail ON kernel_audit FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()"
    ),
    "CREATE TRIGGER kernel_audit_no_delete BEFORE DELETE ON kernel_audit FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()",
    "CREATE TRIGGER kernel_audit_no_truncate BEFORE TRUNCATE ON kernel_audit FOR EACH STATEMENT EXECUTE FUNCTION kernel_refuse_change()",
    (
        'CREATE TABLE "kernel_outbox" ("id" UUID NOT NULL PRIMARY KEY, "type" TEXT NOT NULL, "subject" UUID, "legal_entity_id" '
        'UUID, "at" BIGINT NOT NULL, "data" TEXT NOT NULL, "dispatched_at" BIGINT, "sequence" BIGINT)'
    ),
    'CREATE INDEX "kernel_outbox_subject_id" ON "kernel_outbox" ("subject", "id")',
    'CREATE INDEX "kernel_outbox_waiting" ON "kernel_outbox" ("id") WHERE dispatched_at IS NULL',
    'CREATE INDEX "kernel_outbox_unpublished" ON "kernel_outbox" ("id") WHERE sequence IS NULL',
    'CREATE UNIQUE INDEX "kernel_outbox_feed" ON "kernel_outbox" ("sequence") WHERE sequence IS NOT NULL',
    (
        "CREATE TRIGGER kernel_outbox_no_update BEFORE UPDATE OF id, type, subject, legal_entity_id, at, data ON kernel_outbox "
        "FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()"
    ),
    (
        "CREATE TRIGGER kernel_outbox_no_delete BEFORE DELETE ON kernel_outbox FOR EACH ROW WHEN (NOT (OLD.dispatched_at IS NOT "
        "NULL AND OLD.sequence IS NOT NULL AND OLD.at < CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT) - "
        "2592000000000)) EXECUTE FUNCTION kernel_refuse_change()"
    ),
    "CREATE TRIGGER kernel_outbox_no_truncate BEFORE TRUNCATE ON kernel_outbox FOR EACH STATEMENT EXECUTE FUNCTION kernel_refuse_change()",
    'CREATE TABLE "kernel_feed" ("name" TEXT NOT NULL PRIMARY KEY, "last" BIGINT NOT NULL, "removed_until" BIGINT NOT NULL)',
    (
        'CREATE TABLE "kernel_chain_head" ("legal_entity_id" UUID NOT NULL, "register" TEXT NOT NULL, "sequence" BIGINT NOT NULL,'
        ' "hash" TEXT NOT NULL, PRIMARY KEY ("legal_entity_id", "register"))'
    ),
    (
        'CREATE TABLE "kernel_chain_link" ("legal_entity_id" UUID NOT NULL, "register" TEXT NOT NULL, "sequence" BIGINT NOT NULL,'
        ' "hash" TEXT NOT NULL, "documents" TEXT NOT NULL, "at" BIGINT NOT NULL, PRIMARY KEY ("legal_entity_id", "register", '
        '"sequence"))'
    ),
    (
        "CREATE TRIGGER kernel_chain_link_no_update BEFORE UPDATE OF legal_entity_id, register, sequence, hash, documents, at ON "
        "kernel_chain_link FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()"
    ),
    "CREATE TRIGGER kernel_chain_link_no_delete BEFORE DELETE ON kernel_chain_link FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()",
    (
        "CREATE TRIGGER kernel_chain_link_no_truncate BEFORE TRUNCATE ON kernel_chain_link FOR EACH STATEMENT EXECUTE FUNCTION "
        "kernel_refuse_change()"
    ),
    (
        'CREATE TABLE "kernel_extension" ("record_id" UUID NOT NULL, "name" TEXT NOT NULL, "document_id" UUID, "value" TEXT NOT '
        'NULL, PRIMARY KEY ("record_id", "name"), FOREIGN KEY (document_id) REFERENCES kernel_document (id))'
    ),
    'CREATE INDEX "kernel_extension_document_id" ON "kernel_extension" ("document_id")',
    (
        "CREATE TRIGGER kernel_extension_no_update BEFORE UPDATE OF record_id, name, document_id, value ON kernel_extension FOR "
        "EACH ROW EXECUTE FUNCTION kernel_refuse_change()"
    ),
    "CREATE TRIGGER kernel_extension_no_delete BEFORE DELETE ON kernel_extension FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()",
    (
        "CREATE TRIGGER kernel_extension_no_truncate BEFORE TRUNCATE ON kernel_extension FOR EACH STATEMENT EXECUTE FUNCTION "
        "kernel_refuse_change()"
    ),
    (
        'CREATE TABLE "kernel_extension_change" ("record_id" UUID NOT NULL, "name" TEXT NOT NULL, "version" BIGINT NOT NULL, '
        '"document_id" UUID NOT NULL, "value" TEXT NOT NULL, PRIMARY KEY ("record_id", "name", "version"), FOREIGN KEY '
        "(document_id) REFERENCES kernel_document (id))"
    ),
    'CREATE INDEX "kernel_extension_change_document_id" ON "kernel_extension_change" ("document_id")',
    (
        "CREATE TRIGGER kernel_extension_change_no_update BEFORE UPDATE OF record_id, name, version, document_id, value ON "
        "kernel_extension_change FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()"
    ),
    (
        "CREATE TRIGGER kernel_extension_change_no_delete BEFORE DELETE ON kernel_extension_change FOR EACH ROW EXECUTE FUNCTION "
        "kernel_refuse_change()"
    ),
    (
        "CREATE TRIGGER kernel_extension_change_no_truncate BEFORE TRUNCATE ON kernel_extension_change FOR EACH STATEMENT EXECUTE"
        " FUNCTION kernel_refuse_change()"
    ),
    (
        'CREATE TABLE "kernel_setting" ("name" TEXT NOT NULL, "level" TEXT NOT NULL, "target" TEXT NOT NULL, "value" TEXT, '
        '"version" BIGINT NOT NULL, PRIMARY KEY ("name", "level", "target"), CHECK (level IN (\'installation\', \'legal_entity\', '
        "'profile', 'store')))"
    ),
    (
        'CREATE TABLE "kernel_setting_history" ("id" UUID NOT NULL PRIMARY KEY, "name" TEXT NOT NULL, "level" TEXT NOT NULL, '
        '"target" TEXT NOT NULL, "at" BIGINT NOT NULL, "actor" TEXT NOT NULL, "old" TEXT, "new" TEXT)'
    ),
    'CREATE INDEX "kernel_setting_history_name_id" ON "kernel_setting_history" ("name", "id")',
    (
        "CREATE TRIGGER kernel_setting_history_no_update BEFORE UPDATE OF id, name, level, target, at, actor, old, new ON "
        "kernel_setting_history FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()"
    ),
    (
        "CREATE TRIGGER kernel_setting_history_no_delete BEFORE DELETE ON kernel_setting_history FOR EACH ROW EXECUTE FUNCTION "
        "kernel_refuse_change()"
    ),
    (
        "CREATE TRIGGER kernel_setting_history_no_truncate BEFORE TRUNCATE ON kernel_setting_history FOR EACH STATEMENT EXECUTE "
        "FUNCTION kernel_refuse_change()"
    ),
    (
        'CREATE TABLE "kernel_limit" ("permission" TEXT NOT NULL, "role" TEXT NOT NULL, "unit" TEXT NOT NULL, "level" TEXT NOT '
        'NULL, "target" TEXT NOT NULL, "amount" BIGINT, "given" BOOLEAN NOT NULL, "version" BIGINT NOT NULL, PRIMARY KEY '
        '("permission", "role", "unit", "level", "target"), CHECK (level IN (\'installation\', \'legal_entity\', \'profile\', '
        "'store')), CHECK (amount >= 0), CHECK (version > 0))"
    ),
    (
        'CREATE TABLE "kernel_limit_history" ("id" UUID NOT NULL PRIMARY KEY, "permission" TEXT NOT NULL, "role" TEXT NOT NULL, '
        '"unit" TEXT NOT NULL, "level" TEXT NOT NULL, "target" TEXT NOT NULL, "at" BIGINT NOT NULL, "actor" TEXT NOT NULL, "old" '
        'TEXT, "new" TEXT)'
    ),
    'CREATE INDEX "kernel_limit_history_permission_id" ON "kernel_limit_history" ("permission", "id")',
    (
        "CREATE TRIGGER kernel_limit_history_no_update BEFORE UPDATE OF id, permission, role, unit, level, target, at, actor, "
        "old, new ON kernel_limit_history FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()"
    ),
    (
        "CREATE TRIGGER kernel_limit_history_no_delete BEFORE DELETE ON kernel_limit_history FOR EACH ROW EXECUTE FUNCTION "
        "kernel_refuse_change()"
    ),
    (
        "CREATE TRIGGER kernel_limit_history_no_truncate BEFORE TRUNCATE ON kernel_limit_history FOR EACH STATEMENT EXECUTE "
        "FUNCTION kernel_refuse_change()"
    ),
    (
        'CREATE TABLE "kernel_job" ("id" UUID NOT NULL PRIMARY KEY, "kind" TEXT NOT NULL, "request" TEXT NOT NULL, "state" TEXT '
        'NOT NULL, "cursor" TEXT, "done" BIGINT NOT NULL, "total" BIGINT, "summary" TEXT, "chunks" BIGINT NOT NULL, "attempts" '
        'BIGINT NOT NULL, "fence" BIGINT NOT NULL, "lease_owner" TEXT, "lease_until" BIGINT NOT NULL, "run_after" BIGINT NOT '
        'NULL, "stop_requested" BOOLEAN NOT NULL, "actor" TEXT NOT NULL, "legal_entity_id" UUID, "created_at" BIGINT NOT NULL, '
        "\"started_at\" BIGINT, \"finished_at\" BIGINT, \"error\" TEXT, CHECK (state IN ('waiting', 'running', 'done', 'failed', "
        "'stopped')))"
    ),
    'CREATE INDEX "kernel_job_open" ON "kernel_job" ("id") WHERE state IN (\'waiting\', \'running\')',
    (
        'CREATE TABLE "kernel_job_result" ("job_id" UUID NOT NULL, "item" TEXT NOT NULL, "outcome" TEXT NOT NULL, "code" TEXT, '
        '"message" TEXT, "document_id" UUID, PRIMARY KEY ("job_id", "item"), FOREIGN KEY (job_id) REFERENCES kernel_job (id), '
        "CHECK (outcome IN ('done', 'skipped', 'refused')))"
    ),
    (
        "CREATE TRIGGER kernel_job_result_no_update BEFORE UPDATE OF job_id, item, outcome, code, message, document_id ON "
        "kernel_job_result FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()"
    ),
    "CREATE TRIGGER kernel_job_result_no_delete BEFORE DELETE ON kernel_job_result FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()",
    (
        "CREATE TRIGGER kernel_job_result_no_truncate BEFORE TRUNCATE ON kernel_job_result FOR EACH STATEMENT EXECUTE FUNCTION "
        "kernel_refuse_change()"
    ),
    (
        'CREATE TABLE "kernel_delivery" ("event_id" UUID NOT NULL, "listener" TEXT NOT NULL, "subject" UUID, "attempts" BIGINT '
        'NOT NULL, "run_after" BIGINT NOT NULL, "error" TEXT, "delivered_at" BIGINT, PRIMARY KEY ("event_id", "listener"), '
        "FOREIGN KEY (event_id) REFERENCES kernel_outbox (id))"
    ),
    'CREATE INDEX "kernel_delivery_open" ON "kernel_delivery" ("listener", "event_id") WHERE delivered_at IS NULL',
    'CREATE TABLE "kernel_lease" ("name" TEXT NOT NULL PRIMARY KEY, "holder" TEXT NOT NULL, "until" BIGINT NOT NULL)',
    (
        'CREATE TABLE "kernel_approval" ("id" UUID NOT NULL PRIMARY KEY, "requester" TEXT NOT NULL, "requester_name" TEXT NOT '
        'NULL, "operation" TEXT NOT NULL, "fingerprint" TEXT NOT NULL, "legal_entity_id" UUID, "store_id" UUID, "register" TEXT, '
        '"issues" TEXT NOT NULL, "request_id" TEXT, "created_at" BIGINT NOT NULL, "state" TEXT NOT NULL, "expires_at" BIGINT NOT '
        'NULL, "decided_by" TEXT, "decided_by_name" TEXT, "decided_at" BIGINT, "reason" TEXT, "used_at" BIGINT, "document_id" '
        "UUID, CHECK (state IN ('waiting', 'approved', 'declined', 'used')), CHECK ((state = 'waiting') = (decided_by IS NULL)), "
        "CHECK ((decided_by IS NULL) = (decided_at IS NULL)), CHECK ((state = 'used') = (used_at IS NOT NULL)))"
    ),
    'CREATE INDEX "kernel_approval_requester_fingerprint" ON "kernel_approval" ("requester", "fingerprint")',
    'CREATE INDEX "kernel_approval_document_id" ON "kernel_approval" ("document_id")',
    'CREATE INDEX "kernel_approval_waiting" ON "kernel_approval" ("id") WHERE state = \'waiting\'',
    (
        "CREATE TRIGGER kernel_approval_no_update BEFORE UPDATE OF id, requester, requester_name, operation, fingerprint, "
        "legal_entity_id, store_id, register, issues, request_id, created_at ON kernel_approval FOR EACH ROW EXECUTE FUNCTION "
        "kernel_refuse_change()"
    ),
    "CREATE TRIGGER kernel_approval_no_delete BEFORE DELETE ON kernel_approval FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()",
    (
        "CREATE TRIGGER kernel_approval_no_truncate BEFORE TRUNCATE ON kernel_approval FOR EACH STATEMENT EXECUTE FUNCTION "
        "kernel_refuse_change()"
    ),
    (
        'CREATE TABLE "kernel_webhook" ("id" UUID NOT NULL PRIMARY KEY, "legal_entity_id" UUID, "name" TEXT NOT NULL, "url" TEXT '
        'NOT NULL, "types" TEXT NOT NULL, "state" TEXT NOT NULL, "reason" TEXT, "secret" TEXT NOT NULL, "old_secret" TEXT, '
        '"old_secret_until" BIGINT, "failures" BIGINT NOT NULL, "failing_since" BIGINT, "run_after" BIGINT NOT NULL, "version" '
        "BIGINT NOT NULL, \"created_at\" BIGINT NOT NULL, \"created_by\" TEXT NOT NULL, CHECK (state IN ('active', 'paused', "
        "'disabled', 'deleted')))"
    ),
    (
        'CREATE TABLE "kernel_webhook_delivery" ("id" UUID NOT NULL PRIMARY KEY, "webhook_id" UUID NOT NULL, "event_id" UUID NOT '
        'NULL, "sequence" BIGINT NOT NULL, "subject" UUID, "state" TEXT NOT NULL, "attempts" BIGINT NOT NULL, "run_after" BIGINT '
        'NOT NULL, "lease_until" BIGINT NOT NULL, "fence" BIGINT NOT NULL, "created_at" BIGINT NOT NULL, "finished_at" BIGINT, '
        "FOREIGN KEY (webhook_id) REFERENCES kernel_webhook (id), FOREIGN KEY (event_id) REFERENCES kernel_outbox (id), UNIQUE "
        "(webhook_id, sequence), CHECK (state IN ('waiting', 'delivered', 'failed')))"
    ),
    'CREATE INDEX "kernel_webhook_delivery_event_id" ON "kernel_webhook_delivery" ("event_id")',
    'CREATE INDEX "kernel_webhook_delivery_waiting" ON "kernel_webhook_delivery" ("webhook_id", "sequence") WHERE state = \'waiting\'',
    (
        'CREATE INDEX "kernel_webhook_delivery_subject" ON "kernel_webhook_delivery" ("webhook_id", "subject", "sequence") WHERE '
        "state = 'waiting'"
    ),
    (
        'CREATE TABLE "kernel_webhook_attempt" ("id" UUID NOT NULL PRIMARY KEY, "delivery_id" UUID NOT NULL, "attempt" BIGINT NOT'
        ' NULL, "at" BIGINT NOT NULL, "milliseconds" BIGINT NOT NULL, "outcome" TEXT NOT NULL, "status" BIGINT, "answer" TEXT, '
        "\"error\" TEXT, FOREIGN KEY (delivery_id) REFERENCES kernel_webhook_delivery (id), CHECK (outcome IN ('delivered', "
        "'failed')))"
    ),
    'CREATE INDEX "kernel_webhook_attempt_delivery_id_id" ON "kernel_webhook_attempt" ("delivery_id", "id")',
    (
        "CREATE TRIGGER kernel_webhook_attempt_no_update BEFORE UPDATE OF id, delivery_id, attempt, at, milliseconds, outcome, "
        "status, answer, error ON kernel_webhook_attempt FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()"
    ),
    (
        "CREATE TRIGGER kernel_webhook_attempt_no_delete BEFORE DELETE ON kernel_webhook_attempt FOR EACH ROW WHEN (NOT (OLD.at <"
        " CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT) - 2592000000000)) EXECUTE FUNCTION "
        "kernel_refuse_change()"
    ),
    (
        "CREATE TRIGGER kernel_webhook_attempt_no_truncate BEFORE TRUNCATE ON kernel_webhook_attempt FOR EACH STATEMENT EXECUTE "
        "FUNCTION kernel_refuse_change()"
    ),
    (
        'CREATE TABLE "kernel_schedule" ("name" TEXT NOT NULL PRIMARY KEY, "cron" TEXT, "every_seconds" BIGINT, "zone" TEXT, '
        '"state" TEXT NOT NULL, "next_at" BIGINT NOT NULL, "attempts" BIGINT NOT NULL, "run_after" BIGINT NOT NULL, "lease_until"'
        ' BIGINT NOT NULL, "fence" BIGINT NOT NULL, "last_due_at" BIGINT, "last_run_at" BIGINT, "last_outcome" TEXT, '
        "\"last_detail\" TEXT, \"version\" BIGINT NOT NULL, CHECK (state IN ('active', 'paused')), CHECK (last_outcome IN ('done', "
        "'failed')), CHECK (cron IS NULL OR every_seconds IS NULL))"
    ),
    (
        'CREATE TABLE "ledger_account" ("id" UUID NOT NULL PRIMARY KEY, "legal_entity_id" UUID NOT NULL, "number" TEXT NOT NULL, '
        '"name" TEXT NOT NULL, "type" TEXT NOT NULL, "active" BOOLEAN NOT NULL, "version" BIGINT NOT NULL)'
    ),
    'CREATE UNIQUE INDEX "ledger_account_legal_entity_id_number" ON "ledger_account" ("legal_entity_id", "number")',
    (
        'CREATE TABLE "ledger_account_role" ("legal_entity_id" UUID NOT NULL, "role" TEXT NOT NULL, "selector" TEXT NOT NULL, '
        '"account_id" UUID NOT NULL, PRIMARY KEY ("legal_entity_id", "role", "selector"))'
    ),
    (
        'CREATE TABLE "ledger_account_role_history" ("id" UUID NOT NULL PRIMARY KEY, "legal_entity_id" UUID NOT NULL, "role" TEXT'
        ' NOT NULL, "selector" TEXT NOT NULL, "account_id" UUID NOT NULL, "at" BIGINT NOT NULL, "actor" TEXT NOT NULL)'
    ),
    'CREATE INDEX "ledger_account_role_history_account_id" ON "ledger_account_role_history" ("account_id")',
    (
        'CREATE INDEX "ledger_account_role_history_legal_entity_id_role_selector" ON "ledger_account_role_history" '
        '("legal_entity_id", "role", "selector")'
    ),
    (
        "CREATE TRIGGER ledger_account_role_history_no_update BEFORE UPDATE OF id, legal_entity_id, role, selector, account_id, "
        "at, actor ON ledger_account_role_history FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()"
    ),
    (
        "CREATE TRIGGER ledger_account_role_history_no_delete BEFORE DELETE ON ledger_account_role_history FOR EACH ROW EXECUTE "
        "FUNCTION kernel_refuse_change()"
    ),
    (
        "CREATE TRIGGER ledger_account_role_history_no_truncate BEFORE TRUNCATE ON ledger_account_role_history FOR EACH STATEMENT"
        " EXECUTE FUNCTION kernel_refuse_change()"
    ),
    (
        'CREATE TABLE "ledger_period" ("id" UUID NOT NULL PRIMARY KEY, "legal_entity_id" UUID NOT NULL, "first_date" DATE NOT '
        'NULL, "last_date" DATE NOT NULL, "status" TEXT NOT NULL, "version" BIGINT NOT NULL, CHECK (first_date <= last_date), '
        "CHECK (status IN ('open', 'closed')))"
    ),
    'CREATE UNIQUE INDEX "ledger_period_legal_entity_id_first_date" ON "ledger_period" ("legal_entity_id", "first_date")',
    'CREATE UNIQUE INDEX "ledger_period_legal_entity_id_last_date" ON "ledger_period" ("legal_entity_id", "last_date")',
    'CREATE TABLE "ledger_dimension_set" ("id" UUID NOT NULL PRIMARY KEY, "canonical" TEXT NOT NULL)',
    'CREATE UNIQUE INDEX "ledger_dimension_set_canonical" ON "ledger_dimension_set" ("canonical")',
    (
        'CREATE TABLE "ledger_voucher" ("document_id" UUID NOT NULL PRIMARY KEY, "legal_entity_id" UUID NOT NULL, "date" DATE NOT'
        ' NULL, "currency" TEXT NOT NULL, "rate" BIGINT, FOREIGN KEY (document_id, legal_entity_id) REFERENCES kernel_document '
        "(id, legal_entity_id), CHECK (rate > 0))"
    ),
    'CREATE INDEX "ledger_voucher_legal_entity_id_date_document_id" ON "ledger_voucher" ("legal_entity_id", "date", "document_id")',
    (
        "CREATE TRIGGER ledger_voucher_no_update BEFORE UPDATE OF document_id, legal_entity_id, date, currency, rate ON "
        "ledger_voucher FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()"
    ),
    "CREATE TRIGGER ledger_voucher_no_delete BEFORE DELETE ON ledger_voucher FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()",
    (
        "CREATE TRIGGER ledger_voucher_no_truncate BEFORE TRUNCATE ON ledger_voucher FOR EACH STATEMENT EXECUTE FUNCTION "
        "kernel_refuse_change()"
    ),
    (
        'CREATE TABLE "ledger_entry" ("document_id" UUID NOT NULL, "number" BIGINT NOT NULL, "account_id" UUID NOT NULL, "amount"'
        ' BIGINT NOT NULL, "currency" TEXT NOT NULL, "transaction_amount" BIGINT NOT NULL, "dimension_set_id" UUID NOT NULL, '
        '"correction" BOOLEAN NOT NULL, "rule" TEXT NOT NULL, PRIMARY KEY ("document_id", "number"), FOREIGN KEY (document_id) '
        "REFERENCES ledger_voucher (document_id), CHECK (amount BETWEEN -1000000000000 AND 1000000000000), CHECK (amount <> 0 OR "
        "transaction_amount <> 0))"
    ),
    (
        "CREATE TRIGGER ledger_entry_no_update BEFORE UPDATE OF document_id, number, account_id, amount, currency, "
        "transaction_amount, dimension_set_id, correction, rule ON ledger_entry FOR EACH ROW EXECUTE FUNCTION "
        "kernel_refuse_change()"
    ),
    "CREATE TRIGGER ledger_entry_no_delete BEFORE DELETE ON ledger_entry FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()",
    "CREATE TRIGGER ledger_entry_no_truncate BEFORE TRUNCATE ON ledger_entry FOR EACH STATEMENT EXECUTE FUNCTION kernel_refuse_change()",
    (
        'CREATE TABLE "ledger_open_item" ("id" UUID NOT NULL PRIMARY KEY, "legal_entity_id" UUID NOT NULL, "document_id" UUID NOT'
        ' NULL, "party_type" TEXT NOT NULL, "party_id" UUID NOT NULL, "type" TEXT NOT NULL, "currency" TEXT NOT NULL, "amount" '
        'BIGINT NOT NULL, "open" BIGINT NOT NULL, "date" DATE NOT NULL, "due_date" DATE NOT NULL, "dimension_set_id" UUID NOT '
        "NULL, FOREIGN KEY (document_id, legal_entity_id) REFERENCES kernel_document (id, legal_entity_id), CHECK ((amount >= 0 "
        "AND open BETWEEN 0 AND amount) OR (amount < 0 AND open BETWEEN amount AND 0)))"
    ),
    'CREATE INDEX "ledger_open_item_open" ON "ledger_open_item" ("party_id", "date") WHERE "open" <> 0',
    'CREATE INDEX "ledger_open_item_document_id" ON "ledger_open_item" ("document_id")',
    'CREATE INDEX "ledger_open_item_party" ON "ledger_open_item" ("party_id", "date") WHERE party_type <> \'store\'',
    (
        'CREATE INDEX "ledger_open_item_payable" ON "ledger_open_item" ("legal_entity_id", "party_id", "due_date") WHERE '
        "party_type = 'vendor' AND \"open\" <> 0"
    ),
    (
        "CREATE TRIGGER ledger_open_item_no_update BEFORE UPDATE OF id, legal_entity_id, document_id, party_type, party_id, type,"
        " currency, amount, date, due_date, dimension_set_id ON ledger_open_item FOR EACH ROW EXECUTE FUNCTION "
        "kernel_refuse_change()"
    ),
    "CREATE TRIGGER ledger_open_item_no_delete BEFORE DELETE ON ledger_open_item FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()",
    (
        "CREATE TRIGGER ledger_open_item_no_truncate BEFORE TRUNCATE ON ledger_open_item FOR EACH STATEMENT EXECUTE FUNCTION "
        "kernel_refuse_change()"
    ),
    (
        'CREATE TABLE "ledger_settlement" ("document_id" UUID NOT NULL, "number" BIGINT NOT NULL, "legal_entity_id" UUID NOT '
        'NULL, "debit_item_id" UUID NOT NULL, "credit_item_id" UUID NOT NULL, "amount" BIGINT NOT NULL, "date" DATE NOT NULL, '
        'PRIMARY KEY ("document_id", "number"), CHECK (amount <> 0), FOREIGN KEY (document_id, legal_entity_id) REFERENCES '
        "kernel_document (id, legal_entity_id))"
    ),
    'CREATE INDEX "ledger_settlement_debit_item_id" ON "ledger_settlement" ("debit_item_id")',
    'CREATE INDEX "ledger_settlement_credit_item_id" ON "ledger_settlement" ("credit_item_id")',
    (
        "CREATE TRIGGER ledger_settlement_no_update BEFORE UPDATE OF document_id, number, legal_entity_id, debit_item_id, "
        "credit_item_id, amount, date ON ledger_settlement FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()"
    ),
    "CREATE TRIGGER ledger_settlement_no_delete BEFORE DELETE ON ledger_settlement FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()",
    (
        "CREATE TRIGGER ledger_settlement_no_truncate BEFORE TRUNCATE ON ledger_settlement FOR EACH STATEMENT EXECUTE FUNCTION "
        "kernel_refuse_change()"
    ),
    (
        'CREATE TABLE "ledger_exchange_rate" ("legal_entity_id" UUID NOT NULL, "currency" TEXT NOT NULL, "from_date" DATE NOT '
        'NULL, "rate" BIGINT NOT NULL, "at" BIGINT NOT NULL, "actor" TEXT NOT NULL, PRIMARY KEY ("legal_entity_id", "currency", '
        '"from_date"), CHECK (rate > 0))'
    ),
    (
        'CREATE TABLE "ledger_dimension_value" ("id" UUID NOT NULL PRIMARY KEY, "legal_entity_id" UUID NOT NULL, "dimension" TEXT'
        ' NOT NULL, "value" TEXT NOT NULL, "name" TEXT NOT NULL, "active" BOOLEAN NOT NULL, "version" BIGINT NOT NULL)'
    ),
    (
        'CREATE UNIQUE INDEX "ledger_dimension_value_legal_entity_id_dimension_value" ON "ledger_dimension_value" '
        '("legal_entity_id", "dimension", "value")'
    ),
    (
        'CREATE TABLE "ledger_dimension_default" ("legal_entity_id" UUID NOT NULL, "owner" TEXT NOT NULL, "owner_id" UUID NOT '
        'NULL, "dimension" TEXT NOT NULL, "value" TEXT NOT NULL, PRIMARY KEY ("legal_entity_id", "owner", "owner_id", '
        "\"dimension\"), CHECK (owner IN ('store', 'warehouse', 'customer', 'vendor')))"
    ),
    (
        'CREATE TABLE "ledger_account_dimension" ("legal_entity_id" UUID NOT NULL, "account_id" UUID NOT NULL, "dimension" TEXT '
        'NOT NULL, "rule" TEXT NOT NULL, PRIMARY KEY ("account_id", "dimension"), CHECK (rule IN (\'required\', \'forbidden\', '
        "'free')))"
    ),
    (
        'CREATE TABLE "ledger_journal" ("document_id" UUID NOT NULL PRIMARY KEY, "legal_entity_id" UUID NOT NULL, "currency" TEXT'
        ' NOT NULL, "description" TEXT NOT NULL, FOREIGN KEY (document_id, legal_entity_id) REFERENCES kernel_document (id, '
        "legal_entity_id))"
    ),
    (
        "CREATE TRIGGER ledger_journal_no_update BEFORE UPDATE OF document_id, legal_entity_id, currency, description ON "
        "ledger_journal FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()"
    ),
    "CREATE TRIGGER ledger_journal_no_delete BEFORE DELETE ON ledger_journal FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()",
    (
        "CREATE TRIGGER ledger_journal_no_truncate BEFORE TRUNCATE ON ledger_journal FOR EACH STATEMENT EXECUTE FUNCTION "
        "kernel_refuse_change()"
    ),
    (
        'CREATE TABLE "ledger_journal_line" ("document_id" UUID NOT NULL, "number" BIGINT NOT NULL, "account_id" UUID NOT NULL, '
        '"amount" BIGINT NOT NULL, "dimension_set_id" UUID NOT NULL, "text" TEXT, PRIMARY KEY ("document_id", "number"), FOREIGN '
        "KEY (document_id) REFERENCES ledger_journal (document_id))"
    ),
    (
        "CREATE TRIGGER ledger_journal_line_no_update BEFORE UPDATE OF document_id, number, account_id, amount, dimension_set_id,"
        " text ON ledger_journal_line FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()"
    ),
    (
        "CREATE TRIGGER ledger_journal_line_no_delete BEFORE DELETE ON ledger_journal_line FOR EACH ROW EXECUTE FUNCTION "
        "kernel_refuse_change()"
    ),
    (
        "CREATE TRIGGER ledger_journal_line_no_truncate BEFORE TRUNCATE ON ledger_journal_line FOR EACH STATEMENT EXECUTE "
        "FUNCTION kernel_refuse_change()"
    ),
    (
        'CREATE TABLE "org_place" ("id" UUID NOT NULL PRIMARY KEY, "legal_entity_id" UUID NOT NULL, "warehouse_id" UUID NOT NULL,'
        ' "code" TEXT NOT NULL, "name" TEXT NOT NULL, "blocked" BOOLEAN NOT NULL, "active" BOOLEAN NOT NULL, "version" BIGINT NOT'
        " NULL, UNIQUE (id, warehouse_id), UNIQUE (warehouse_id, code), FOREIGN KEY (warehouse_id, legal_entity_id) REFERENCES "
        "org_warehouse (id, legal_entity_id), CHECK (version > 0))"
    ),
    (
        'CREATE TABLE "org_worker" ("id" UUID NOT NULL PRIMARY KEY, "number" TEXT NOT NULL, "name" TEXT NOT NULL, "active" '
        'BOOLEAN NOT NULL, "version" BIGINT NOT NULL, CHECK (version > 0))'
    ),
    'CREATE UNIQUE INDEX "org_worker_number" ON "org_worker" ("number")',
    (
        'CREATE TABLE "org_role_grant" ("id" UUID NOT NULL PRIMARY KEY, "worker_id" UUID NOT NULL, "role" TEXT NOT NULL, '
        '"legal_entity_id" UUID, "store_id" UUID, "granted_at" BIGINT NOT NULL, "granted_by" TEXT NOT NULL, "revoked_at" BIGINT, '
        "FOREIGN KEY (worker_id) REFERENCES org_worker (id), FOREIGN KEY (legal_entity_id) REFERENCES org_legal_entity (id), "
        "FOREIGN KEY (store_id, legal_entity_id) REFERENCES org_store (id, legal_entity_id), CHECK (store_id IS NULL OR "
        "legal_entity_id IS NOT NULL))"
    ),
    (
        "CREATE UNIQUE INDEX org_role_grant_once ON org_role_grant (worker_id, role, (coalesce(legal_entity_id, "
        "'00000000-0000-0000-0000-000000000000')), (coalesce(store_id, '00000000-0000-0000-0000-000000000000'))) WHERE revoked_at"
        " IS NULL"
    ),
    (
        "CREATE TRIGGER org_role_grant_no_update BEFORE UPDATE OF id, worker_id, role, legal_entity_id, store_id, granted_at, "
        "granted_by ON org_role_grant FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()"
    ),
    "CREATE TRIGGER org_role_grant_no_delete BEFORE DELETE ON org_role_grant FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()",
    (
        "CREATE TRIGGER org_role_grant_no_truncate BEFORE TRUNCATE ON org_role_grant FOR EACH STATEMENT EXECUTE FUNCTION "
        "kernel_refuse_change()"
    ),
    (
        'CREATE TABLE "org_api_key" ("id" UUID NOT NULL PRIMARY KEY, "name" TEXT NOT NULL, "hash" TEXT NOT NULL, "worker_id" '
        'UUID, "roles" TEXT NOT NULL, "legal_entity_ids" TEXT, "store_ids" TEXT, "store_id" UUID, "register" TEXT, "created_at" '
        'BIGINT NOT NULL, "created_by" TEXT NOT NULL, "expires_at" BIGINT, "revoked_at" BIGINT, "last_used_at" BIGINT, FOREIGN '
        "KEY (worker_id) REFERENCES org_worker (id), FOREIGN KEY (store_id) REFERENCES org_store (id))"
    ),
    'CREATE UNIQUE INDEX "org_api_key_hash" ON "org_api_key" ("hash")',
    (
        "CREATE TRIGGER org_api_key_no_update BEFORE UPDATE OF id, name, hash, worker_id, roles, legal_entity_ids, store_ids, "
        "store_id, register, created_at, created_by, expires_at ON org_api_key FOR EACH ROW EXECUTE FUNCTION "
        "kernel_refuse_change()"
    ),
    "CREATE TRIGGER org_api_key_no_delete BEFORE DELETE ON org_api_key FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()",
    "CREATE TRIGGER org_api_key_no_truncate BEFORE TRUNCATE ON org_api_key FOR EACH STATEMENT EXECUTE FUNCTION kernel_refuse_change()",
    (
        'CREATE TABLE "org_credential" ("worker_id" UUID NOT NULL, "kind" TEXT NOT NULL, "hash" TEXT, "temporary" BOOLEAN NOT '
        'NULL, "set_at" BIGINT NOT NULL, "set_by" TEXT NOT NULL, "version" BIGINT NOT NULL, PRIMARY KEY ("worker_id", "kind"), '
        "FOREIGN KEY (worker_id) REFERENCES org_worker (id), CHECK (kind IN ('pin', 'password')), CHECK (version > 0))"
    ),
    (
        'CREATE TABLE "org_session" ("id" UUID NOT NULL PRIMARY KEY, "worker_id" UUID NOT NULL, "key_id" UUID NOT NULL, "method" '
        'TEXT NOT NULL, "roles" TEXT NOT NULL, "legal_entity_ids" TEXT, "store_ids" TEXT, "store_id" UUID, "register" TEXT, '
        '"opened_at" BIGINT NOT NULL, "expires_at" BIGINT NOT NULL, "ends_at" BIGINT NOT NULL, "ended_at" BIGINT, "ended_by" '
        "TEXT, FOREIGN KEY (worker_id) REFERENCES org_worker (id), FOREIGN KEY (key_id) REFERENCES org_api_key (id), FOREIGN KEY "
        "(store_id) REFERENCES org_store (id), CHECK (method IN ('pin', 'password', 'issuer')), CHECK (expires_at <= ends_at), "
        "CHECK ((ended_at IS NULL) = (ended_by IS NULL)))"
    ),
    'CREATE INDEX "org_session_open" ON "org_session" ("worker_id") WHERE ended_at IS NULL',
    (
        "CREATE TRIGGER org_session_no_update BEFORE UPDATE OF id, worker_id, key_id, method, roles, legal_entity_ids, store_ids,"
        " store_id, register, opened_at, ends_at ON org_session FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()"
    ),
    "CREATE TRIGGER org_session_no_delete BEFORE DELETE ON org_session FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()",
    "CREATE TRIGGER org_session_no_truncate BEFORE TRUNCATE ON org_session FOR EACH STATEMENT EXECUTE FUNCTION kernel_refuse_change()",
    (
        'CREATE TABLE "org_signing_key" ("kid" UUID NOT NULL PRIMARY KEY, "public" TEXT NOT NULL, "created_at" BIGINT NOT NULL, '
        '"signs_until" BIGINT NOT NULL, "valid_until" BIGINT NOT NULL, "revoked_at" BIGINT, "revoked_by" TEXT, CHECK ((revoked_at'
        " IS NULL) = (revoked_by IS NULL)))"
    ),
    (
        "CREATE TRIGGER org_signing_key_no_update BEFORE UPDATE OF kid, public, created_at, signs_until, valid_until ON "
        "org_signing_key FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()"
    ),
    "CREATE TRIGGER org_signing_key_no_delete BEFORE DELETE ON org_signing_key FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()",
    (
        "CREATE TRIGGER org_signing_key_no_truncate BEFORE TRUNCATE ON org_signing_key FOR EACH STATEMENT EXECUTE FUNCTION "
        "kernel_refuse_change()"
    ),
    (
        'CREATE TABLE "org_tries" ("kind" TEXT NOT NULL, "subject" TEXT NOT NULL, "failures" BIGINT NOT NULL, "since" BIGINT NOT '
        "NULL, \"locked_until\" BIGINT NOT NULL, PRIMARY KEY (\"kind\", \"subject\"), CHECK (kind IN ('worker', 'key', 'all')), CHECK "
        "(failures >= 0))"
    ),
    (
        'CREATE TABLE "org_reason_code" ("id" UUID NOT NULL PRIMARY KEY, "legal_entity_id" UUID NOT NULL, "purpose" TEXT NOT '
        'NULL, "code" TEXT NOT NULL, "name" TEXT NOT NULL, "active" BOOLEAN NOT NULL, "version" BIGINT NOT NULL, UNIQUE '
        "(legal_entity_id, purpose, code), FOREIGN KEY (legal_entity_id) REFERENCES org_legal_entity (id), CHECK (version > 0))"
    ),
    (
        'CREATE TABLE "org_hierarchy" ("id" UUID NOT NULL PRIMARY KEY, "legal_entity_id" UUID, "code" TEXT NOT NULL, "name" TEXT '
        'NOT NULL, "purpose" TEXT NOT NULL, "arranged_at" BIGINT NOT NULL, "version" BIGINT NOT NULL, FOREIGN KEY '
        "(legal_entity_id) REFERENCES org_legal_entity (id), CHECK (version > 0))"
    ),
    "CREATE UNIQUE INDEX org_hierarchy_code ON org_hierarchy (code, (coalesce(legal_entity_id, '00000000-0000-0000-0000-000000000000')))",
    (
        'CREATE TABLE "org_node" ("id" UUID NOT NULL PRIMARY KEY, "hierarchy_id" UUID NOT NULL, "kind" TEXT NOT NULL, "code" TEXT'
        ' NOT NULL, "name" TEXT NOT NULL, "legal_entity_id" UUID, "store_id" UUID, "version" BIGINT NOT NULL, UNIQUE (id, '
        "hierarchy_id), UNIQUE (hierarchy_id, code), FOREIGN KEY (hierarchy_id) REFERENCES org_hierarchy (id), FOREIGN KEY "
        "(legal_entity_id) REFERENCES org_legal_entity (id), FOREIGN KEY (store_id, legal_entity_id) REFERENCES org_store (id, "
        "legal_entity_id), CHECK (kind IN ('group', 'legal_entity', 'store')), CHECK ((kind = 'group') = (legal_entity_id IS "
        "NULL)), CHECK ((kind = 'store') = (store_id IS NOT NULL)), CHECK (version > 0))"
    ),
    'CREATE INDEX "org_node_hierarchy_id" ON "org_node" ("hierarchy_id")',
    (
        'CREATE TABLE "org_placement" ("id" UUID NOT NULL PRIMARY KEY, "hierarchy_id" UUID NOT NULL, "node_id" UUID NOT NULL, '
        '"parent_id" UUID, "valid_from" DATE NOT NULL, "valid_to" DATE, FOREIGN KEY (node_id, hierarchy_id) REFERENCES org_node '
        "(id, hierarchy_id), FOREIGN KEY (parent_id, hierarchy_id) REFERENCES org_node (id, hierarchy_id), CHECK (parent_id IS "
        "NULL OR parent_id <> node_id))"
    ),
    'CREATE INDEX "org_placement_hierarchy_id" ON "org_placement" ("hierarchy_id")',
    'CREATE INDEX "org_placement_node_id" ON "org_placement" ("node_id")',
    (
        "CREATE TRIGGER org_placement_no_update BEFORE UPDATE OF id, hierarchy_id, node_id, parent_id, valid_from ON "
        "org_placement FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()"
    ),
    "CREATE TRIGGER org_placement_no_delete BEFORE DELETE ON org_placement FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()",
    "CREATE TRIGGER org_placement_no_truncate BEFORE TRUNCATE ON org_placement FOR EACH STATEMENT EXECUTE FUNCTION kernel_refuse_change()",
    (
        'CREATE TABLE "org_fulfilment_group" ("id" UUID NOT NULL PRIMARY KEY, "legal_entity_id" UUID NOT NULL, "code" TEXT NOT '
        'NULL, "name" TEXT NOT NULL, "version" BIGINT NOT NULL, UNIQUE (id, legal_entity_id), UNIQUE (legal_entity_id, code), '
        "FOREIGN KEY (legal_entity_id) REFERENCES org_legal_entity (id), CHECK (version > 0))"
    ),
    (
        'CREATE TABLE "org_fulfilment_member" ("id" UUID NOT NULL PRIMARY KEY, "legal_entity_id" UUID NOT NULL, "group_id" UUID '
        'NOT NULL, "store_id" UUID, "warehouse_id" UUID, "ships" BOOLEAN NOT NULL, "picks_up" BOOLEAN NOT NULL, "active" BOOLEAN '
        "NOT NULL, FOREIGN KEY (group_id, legal_entity_id) REFERENCES org_fulfilment_group (id, legal_entity_id), FOREIGN KEY "
        "(store_id, legal_entity_id) REFERENCES org_store (id, legal_entity_id), FOREIGN KEY (warehouse_id, legal_entity_id) "
        "REFERENCES org_warehouse (id, legal_entity_id), CHECK ((store_id IS NULL) <> (warehouse_id IS NULL)), CHECK (store_id IS"
        " NOT NULL OR NOT picks_up))"
    ),
    'CREATE INDEX "org_fulfilment_member_group_id" ON "org_fulfilment_member" ("group_id")',
    (
        "CREATE UNIQUE INDEX org_fulfilment_member_once ON org_fulfilment_member (group_id, (coalesce(store_id, "
        "'00000000-0000-0000-0000-000000000000')), (coalesce(warehouse_id, '00000000-0000-0000-0000-000000000000')))"
    ),
    (
        'CREATE TABLE "org_fulfilment_store" ("group_id" UUID NOT NULL, "store_id" UUID NOT NULL, "legal_entity_id" UUID NOT '
        'NULL, "active" BOOLEAN NOT NULL, PRIMARY KEY ("group_id", "store_id"), FOREIGN KEY (group_id, legal_entity_id) '
        "REFERENCES org_fulfilment_group (id, legal_entity_id), FOREIGN KEY (store_id, legal_entity_id) REFERENCES org_store (id,"
        " legal_entity_id))"
    ),
    'CREATE INDEX "org_fulfilment_store_store_id" ON "org_fulfilment_store" ("store_id")',
    (
        'CREATE TABLE "org_return_policy" ("id" UUID NOT NULL PRIMARY KEY, "legal_entity_id" UUID NOT NULL, "code" TEXT NOT NULL,'
        ' "name" TEXT NOT NULL, "blocked" BOOLEAN NOT NULL, "version" BIGINT NOT NULL, UNIQUE (id, legal_entity_id), UNIQUE '
        "(legal_entity_id, code), FOREIGN KEY (legal_entity_id) REFERENCES org_legal_entity (id), CHECK (version > 0))"
    ),
    (
        'CREATE TABLE "org_return_rule" ("id" UUID NOT NULL PRIMARY KEY, "legal_entity_id" UUID NOT NULL, "policy_id" UUID NOT '
        'NULL, "store_id" UUID, "reason_code_id" UUID NOT NULL, "warehouse_id" UUID NOT NULL, "place_id" UUID, "blocked" BOOLEAN '
        'NOT NULL, "active" BOOLEAN NOT NULL, FOREIGN KEY (policy_id, legal_entity_id) REFERENCES org_return_policy (id, '
        "legal_entity_id), FOREIGN KEY (reason_code_id) REFERENCES org_reason_code (id), FOREIGN KEY (place_id, warehouse_id) "
        "REFERENCES org_place (id, warehouse_id), FOREIGN KEY (store_id, legal_entity_id) REFERENCES org_store (id, "
        "legal_entity_id), FOREIGN KEY (warehouse_id, legal_entity_id) REFERENCES org_warehouse (id, legal_entity_id))"
    ),
    'CREATE INDEX "org_return_rule_policy_id" ON "org_return_rule" ("policy_id")',
    (
        "CREATE UNIQUE INDEX org_return_rule_once ON org_return_rule (policy_id, reason_code_id, (coalesce(store_id, "
        "'00000000-0000-0000-0000-000000000000')))"
    ),
    (
        'CREATE TABLE "parties_customer" ("id" UUID NOT NULL PRIMARY KEY, "legal_entity_id" UUID NOT NULL, "number" TEXT NOT '
        'NULL, "name" TEXT NOT NULL, "currency" TEXT NOT NULL, "blocked" TEXT NOT NULL, "invoice_account_id" UUID, "email" TEXT, '
        '"phone" TEXT, "language" TEXT, "tax_number" TEXT, "tax_exempt" BOOLEAN NOT NULL, "vendor_id" UUID, "version" BIGINT NOT '
        "NULL, UNIQUE (id, legal_entity_id), UNIQUE (legal_entity_id, number), FOREIGN KEY (legal_entity_id) REFERENCES "
        "org_legal_entity (id), FOREIGN KEY (invoice_account_id, legal_entity_id) REFERENCES parties_customer (id, "
        "legal_entity_id), CHECK (blocked IN ('none', 'invoice', 'all')), CHECK (invoice_account_id IS NULL OR invoice_account_id"
        " <> id), CHECK (version > 0))"
    ),
    'CREATE INDEX "parties_customer_legal_entity_id_email" ON "parties_customer" ("legal_entity_id", "email")',
    'CREATE INDEX "parties_customer_invoice_account_id" ON "parties_customer" ("invoice_account_id")',
    (
        'CREATE TABLE "parties_address" ("id" UUID NOT NULL PRIMARY KEY, "party_id" UUID NOT NULL, "kind" TEXT NOT NULL, "name" '
        'TEXT, "lines" TEXT NOT NULL, "postal_code" TEXT, "city" TEXT, "region" TEXT, "country" TEXT NOT NULL, "latitude_micro" '
        'BIGINT, "longitude_micro" BIGINT, "preferred" BOOLEAN NOT NULL, "active" BOOLEAN NOT NULL, "version" BIGINT NOT NULL, '
        "CHECK (kind IN ('invoice', 'delivery')), CHECK ((latitude_micro IS NULL) = (longitude_micro IS NULL)), CHECK (version > "
        "0))"
    ),
    'CREATE INDEX "parties_address_party_id" ON "parties_address" ("party_id")',
    (
        'CREATE TABLE "parties_vendor" ("id" UUID NOT NULL PRIMARY KEY, "legal_entity_id" UUID NOT NULL, "number" TEXT NOT NULL, '
        '"name" TEXT NOT NULL, "currency" TEXT NOT NULL, "on_hold" TEXT NOT NULL, "one_time" BOOLEAN NOT NULL, "due_days" BIGINT '
        'NOT NULL, "email" TEXT, "phone" TEXT, "language" TEXT, "tax_number" TEXT, "version" BIGINT NOT NULL, UNIQUE (id, '
        "legal_entity_id), UNIQUE (legal_entity_id, number), FOREIGN KEY (legal_entity_id) REFERENCES org_legal_entity (id), "
        "CHECK (on_hold IN ('none', 'payment', 'invoice', 'all')), CHECK (due_days BETWEEN 0 AND 3650), CHECK (version > 0))"
    ),
    (
        'CREATE TABLE "parties_bank_account" ("id" UUID NOT NULL PRIMARY KEY, "party_id" UUID NOT NULL, "iban" TEXT NOT NULL, '
        '"bic" TEXT, "holder" TEXT NOT NULL, "preferred" BOOLEAN NOT NULL, "active" BOOLEAN NOT NULL, "version" BIGINT NOT NULL, '
        "CHECK (version > 0))"
    ),
    'CREATE INDEX "parties_bank_account_party_id" ON "parties_bank_account" ("party_id")',
    (
        'CREATE TABLE "payables_bank_account" ("id" UUID NOT NULL PRIMARY KEY, "legal_entity_id" UUID NOT NULL, "code" TEXT NOT '
        'NULL, "name" TEXT NOT NULL, "iban" TEXT NOT NULL, "bic" TEXT, "currency" TEXT NOT NULL, "active" BOOLEAN NOT NULL, '
        '"version" BIGINT NOT NULL)'
    ),
    'CREATE UNIQUE INDEX "payables_bank_account_legal_entity_id_code" ON "payables_bank_account" ("legal_entity_id", "code")',
    (
        'CREATE TABLE "payables_vendor_invoice" ("document_id" UUID NOT NULL PRIMARY KEY, "legal_entity_id" UUID NOT NULL, '
        '"vendor_id" UUID NOT NULL, "currency" TEXT NOT NULL, "invoice_number" TEXT, "description" TEXT, "due_date" DATE NOT '
        'NULL, "total" BIGINT NOT NULL, FOREIGN KEY (document_id, legal_entity_id) REFERENCES kernel_document (id, '
        "legal_entity_id), CHECK (total <> 0))"
    ),
    'CREATE INDEX "payables_vendor_invoice_vendor_id_document_id" ON "payables_vendor_invoice" ("vendor_id", "document_id")',
    (
        "CREATE TRIGGER payables_vendor_invoice_no_update BEFORE UPDATE OF document_id, legal_entity_id, vendor_id, currency, "
        "invoice_number, description, due_date, total ON payables_vendor_invoice FOR EACH ROW EXECUTE FUNCTION "
        "kernel_refuse_change()"
    ),
    (
        "CREATE TRIGGER payables_vendor_invoice_no_delete BEFORE DELETE ON payables_vendor_invoice FOR EACH ROW EXECUTE FUNCTION "
        "kernel_refuse_change()"
    ),
    (
        "CREATE TRIGGER payables_vendor_invoice_no_truncate BEFORE TRUNCATE ON payables_vendor_invoice FOR EACH STATEMENT EXECUTE"
        " FUNCTION kernel_refuse_change()"
    ),
    (
        'CREATE TABLE "payables_vendor_invoice_line" ("document_id" UUID NOT NULL, "number" BIGINT NOT NULL, "account_id" UUID '
        'NOT NULL, "amount" BIGINT NOT NULL, "dimension_set_id" UUID NOT NULL, "text" TEXT, PRIMARY KEY ("document_id", '
        '"number"), FOREIGN KEY (document_id) REFERENCES payables_vendor_invoice (document_id))'
    ),
    (
        "CREATE TRIGGER payables_vendor_invoice_line_no_update BEFORE UPDATE OF document_id, number, account_id, amount, "
        "dimension_set_id, text ON payables_vendor_invoice_line FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()"
    ),
    (
        "CREATE TRIGGER payables_vendor_invoice_line_no_delete BEFORE DELETE ON payables_vendor_invoice_line FOR EACH ROW EXECUTE"
        " FUNCTION kernel_refuse_change()"
    ),
    (
        "CREATE TRIGGER payables_vendor_invoice_line_no_truncate BEFORE TRUNCATE ON payables_vendor_invoice_line FOR EACH "
        "STATEMENT EXECUTE FUNCTION kernel_refuse_change()"
    ),
    (
        'CREATE TABLE "payables_payment_run" ("document_id" UUID NOT NULL PRIMARY KEY, "legal_entity_id" UUID NOT NULL, '
        '"bank_account_id" UUID NOT NULL, "currency" TEXT NOT NULL, "execution_date" DATE NOT NULL, "payments" BIGINT NOT NULL, '
        '"total" BIGINT NOT NULL, FOREIGN KEY (document_id, legal_entity_id) REFERENCES kernel_document (id, legal_entity_id), '
        "CHECK (payments > 0 AND total > 0))"
    ),
    (
        "CREATE TRIGGER payables_payment_run_no_update BEFORE UPDATE OF document_id, legal_entity_id, bank_account_id, currency, "
        "execution_date, payments, total ON payables_payment_run FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()"
    ),
    (
        "CREATE TRIGGER payables_payment_run_no_delete BEFORE DELETE ON payables_payment_run FOR EACH ROW EXECUTE FUNCTION "
        "kernel_refuse_change()"
    ),
    (
        "CREATE TRIGGER payables_payment_run_no_truncate BEFORE TRUNCATE ON payables_payment_run FOR EACH STATEMENT EXECUTE "
        "FUNCTION kernel_refuse_change()"
    ),
    (
        'CREATE TABLE "payables_vendor_payment" ("document_id" UUID NOT NULL PRIMARY KEY, "legal_entity_id" UUID NOT NULL, '
        '"vendor_id" UUID NOT NULL, "run_id" UUID, "bank_account_id" UUID NOT NULL, "method" TEXT NOT NULL, "currency" TEXT NOT '
        'NULL, "amount" BIGINT NOT NULL, "iban" TEXT, "bic" TEXT, "holder" TEXT, "reference" TEXT NOT NULL, FOREIGN KEY '
        "(document_id, legal_entity_id) REFERENCES kernel_document (id, legal_entity_id), FOREIGN KEY (run_id) REFERENCES "
        "payables_payment_run (document_id), CHECK (amount > 0), CHECK (method IN ('file', 'manual')), CHECK (method = 'manual' "
        "OR (run_id IS NOT NULL AND iban IS NOT NULL)))"
    ),
    'CREATE INDEX "payables_vendor_payment_vendor_id_document_id" ON "payables_vendor_payment" ("vendor_id", "document_id")',
    'CREATE INDEX "payables_vendor_payment_run" ON "payables_vendor_payment" ("run_id", "document_id") WHERE run_id IS NOT NULL',
    (
        "CREATE TRIGGER payables_vendor_payment_no_update BEFORE UPDATE OF document_id, legal_entity_id, vendor_id, run_id, "
        "bank_account_id, method, currency, amount, iban, bic, holder, reference ON payables_vendor_payment FOR EACH ROW EXECUTE "
        "FUNCTION kernel_refuse_change()"
    ),
    (
        "CREATE TRIGGER payables_vendor_payment_no_delete BEFORE DELETE ON payables_vendor_payment FOR EACH ROW EXECUTE FUNCTION "
        "kernel_refuse_change()"
    ),
    (
        "CREATE TRIGGER payables_vendor_payment_no_truncate BEFORE TRUNCATE ON payables_vendor_payment FOR EACH STATEMENT EXECUTE"
        " FUNCTION kernel_refuse_change()"
    ),
    (
        'CREATE TABLE "payables_bank_file" ("document_id" UUID NOT NULL PRIMARY KEY, "legal_entity_id" UUID NOT NULL, "provider" '
        'TEXT NOT NULL, "name" TEXT NOT NULL, "media_type" TEXT NOT NULL, "content" TEXT NOT NULL, "sha256" TEXT NOT NULL, "at" '
        "BIGINT NOT NULL, FOREIGN KEY (document_id) REFERENCES payables_payment_run (document_id))"
    ),
    (
        "CREATE TRIGGER payables_bank_file_no_update BEFORE UPDATE OF document_id, legal_entity_id, provider, name, media_type, "
        "content, sha256, at ON payables_bank_file FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()"
    ),
    "CREATE TRIGGER payables_bank_file_no_delete BEFORE DELETE ON payables_bank_file FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()",
    (
        "CREATE TRIGGER payables_bank_file_no_truncate BEFORE TRUNCATE ON payables_bank_file FOR EACH STATEMENT EXECUTE FUNCTION "
        "kernel_refuse_change()"
    ),
    (
        'CREATE TABLE "payables_balance_transfer" ("document_id" UUID NOT NULL PRIMARY KEY, "legal_entity_id" UUID NOT NULL, '
        '"customer_id" UUID NOT NULL, "vendor_id" UUID NOT NULL, "currency" TEXT NOT NULL, "amount" BIGINT NOT NULL, '
        '"description" TEXT NOT NULL, "due_date" DATE NOT NULL, "customer_item_id" UUID NOT NULL, "vendor_item_id" UUID NOT NULL,'
        " FOREIGN KEY (document_id, legal_entity_id) REFERENCES kernel_document (id, legal_entity_id), CHECK (amount > 0))"
    ),
    'CREATE INDEX "payables_balance_transfer_customer_id" ON "payables_balance_transfer" ("customer_id")',
    'CREATE INDEX "payables_balance_transfer_vendor_id" ON "payables_balance_transfer" ("vendor_id")',
    (
        "CREATE TRIGGER payables_balance_transfer_no_update BEFORE UPDATE OF document_id, legal_entity_id, customer_id, "
        "vendor_id, currency, amount, description, due_date, customer_item_id, vendor_item_id ON payables_balance_transfer FOR "
        "EACH ROW EXECUTE FUNCTION kernel_refuse_change()"
    ),
    (
        "CREATE TRIGGER payables_balance_transfer_no_delete BEFORE DELETE ON payables_balance_transfer FOR EACH ROW EXECUTE "
        "FUNCTION kernel_refuse_change()"
    ),
    (
        "CREATE TRIGGER payables_balance_transfer_no_truncate BEFORE TRUNCATE ON payables_balance_transfer FOR EACH STATEMENT "
        "EXECUTE FUNCTION kernel_refuse_change()"
    ),
    (
        'CREATE TABLE "payments_payment" ("document_id" UUID NOT NULL PRIMARY KEY, "legal_entity_id" UUID NOT NULL, "tender" TEXT'
        ' NOT NULL, "currency" TEXT NOT NULL, "amount" BIGINT NOT NULL, "rounding" BIGINT NOT NULL, "party_type" TEXT NOT NULL, '
        '"party_id" UUID NOT NULL, "reference" TEXT, "source_id" UUID, FOREIGN KEY (document_id, legal_entity_id) REFERENCES '
        "kernel_document (id, legal_entity_id), CHECK (amount <> 0 OR rounding <> 0))"
    ),
    'CREATE INDEX "payments_payment_customer" ON "payments_payment" ("party_id", "document_id") WHERE party_type = \'customer\'',
    'CREATE INDEX "payments_payment_source" ON "payments_payment" ("source_id") WHERE source_id IS NOT NULL',
    (
        "CREATE TRIGGER payments_payment_no_update BEFORE UPDATE OF document_id, legal_entity_id, tender, currency, amount, "
        "rounding, party_type, party_id, reference, source_id ON payments_payment FOR EACH ROW EXECUTE FUNCTION "
        "kernel_refuse_change()"
    ),
    "CREATE TRIGGER payments_payment_no_delete BEFORE DELETE ON payments_payment FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()",
    (
        "CREATE TRIGGER payments_payment_no_truncate BEFORE TRUNCATE ON payments_payment FOR EACH STATEMENT EXECUTE FUNCTION "
        "kernel_refuse_change()"
    ),
    (
        'CREATE TABLE "payments_capture" ("payment_id" UUID NOT NULL PRIMARY KEY, "captured" BIGINT NOT NULL, "refunded" BIGINT '
        "NOT NULL, CHECK (refunded BETWEEN 0 AND captured), FOREIGN KEY (payment_id) REFERENCES payments_payment (document_id))"
    ),
    (
        'CREATE TABLE "payments_deposit" ("order_id" UUID NOT NULL PRIMARY KEY, "paid" BIGINT NOT NULL, "applied" BIGINT NOT '
        'NULL, "refunded" BIGINT NOT NULL, "transferred" BIGINT NOT NULL, "forfeited" BIGINT NOT NULL, CHECK (applied + refunded '
        "+ transferred + forfeited <= paid), CHECK (paid >= 0 AND applied >= 0 AND refunded >= 0 AND transferred >= 0 AND "
        "forfeited >= 0))"
    ),
    (
        'CREATE TABLE "payments_deposit_item" ("open_item_id" UUID NOT NULL PRIMARY KEY, "document_id" UUID NOT NULL, "order_id" '
        "UUID NOT NULL)"
    ),
    'CREATE INDEX "payments_deposit_item_order_id" ON "payments_deposit_item" ("order_id")',
    'CREATE INDEX "payments_deposit_item_document_id" ON "payments_deposit_item" ("document_id")',
    (
        "CREATE TRIGGER payments_deposit_item_no_update BEFORE UPDATE OF open_item_id, document_id, order_id ON "
        "payments_deposit_item FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()"
    ),
    (
        "CREATE TRIGGER payments_deposit_item_no_delete BEFORE DELETE ON payments_deposit_item FOR EACH ROW EXECUTE FUNCTION "
        "kernel_refuse_change()"
    ),
    (
        "CREATE TRIGGER payments_deposit_item_no_truncate BEFORE TRUNCATE ON payments_deposit_item FOR EACH STATEMENT EXECUTE "
        "FUNCTION kernel_refuse_change()"
    ),
    (
        'CREATE TABLE "payments_deposit_move" ("document_id" UUID NOT NULL PRIMARY KEY, "legal_entity_id" UUID NOT NULL, '
        '"order_id" UUID NOT NULL, "to_order_id" UUID, "currency" TEXT NOT NULL, "amount" BIGINT NOT NULL, "note" TEXT, FOREIGN '
        "KEY (document_id, legal_entity_id) REFERENCES kernel_document (id, legal_entity_id), CHECK (amount > 0))"
    ),
    (
        "CREATE TRIGGER payments_deposit_move_no_update BEFORE UPDATE OF document_id, legal_entity_id, order_id, to_order_id, "
        "currency, amount, note ON payments_deposit_move FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()"
    ),
    (
        "CREATE TRIGGER payments_deposit_move_no_delete BEFORE DELETE ON payments_deposit_move FOR EACH ROW EXECUTE FUNCTION "
        "kernel_refuse_change()"
    ),
    (
        "CREATE TRIGGER payments_deposit_move_no_truncate BEFORE TRUNCATE ON payments_deposit_move FOR EACH STATEMENT EXECUTE "
        "FUNCTION kernel_refuse_change()"
    ),
    (
        'CREATE TABLE "payments_intent" ("document_id" UUID NOT NULL PRIMARY KEY, "legal_entity_id" UUID NOT NULL, "port" TEXT '
        'NOT NULL, "tender" TEXT NOT NULL, "currency" TEXT NOT NULL, "amount" BIGINT NOT NULL, "token" TEXT, "payment_id" UUID, '
        '"parent_id" UUID, "expires_at" BIGINT, FOREIGN KEY (document_id, legal_entity_id) REFERENCES kernel_document (id, '
        "legal_entity_id), CHECK (amount > 0))"
    ),
    'CREATE INDEX "payments_intent_payment" ON "payments_intent" ("payment_id") WHERE payment_id IS NOT NULL',
    'CREATE INDEX "payments_intent_parent" ON "payments_intent" ("parent_id") WHERE parent_id IS NOT NULL',
    (
        "CREATE TRIGGER payments_intent_no_update BEFORE UPDATE OF document_id, legal_entity_id, port, tender, currency, amount, "
        "token, payment_id, parent_id, expires_at ON payments_intent FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()"
    ),
    "CREATE TRIGGER payments_intent_no_delete BEFORE DELETE ON payments_intent FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()",
    (
        "CREATE TRIGGER payments_intent_no_truncate BEFORE TRUNCATE ON payments_intent FOR EACH STATEMENT EXECUTE FUNCTION "
        "kernel_refuse_change()"
    ),
    (
        'CREATE TABLE "payments_intent_result" ("id" UUID NOT NULL PRIMARY KEY, "intent_id" UUID NOT NULL, "outcome" TEXT NOT '
        "NULL, \"reference\" TEXT, \"reason\" TEXT, \"at\" BIGINT NOT NULL, CHECK (outcome IN ('approved', 'declined', 'unknown')), "
        "FOREIGN KEY (intent_id) REFERENCES payments_intent (document_id))"
    ),
    'CREATE INDEX "payments_intent_result_intent_id" ON "payments_intent_result" ("intent_id")',
    (
        "CREATE TRIGGER payments_intent_result_no_update BEFORE UPDATE OF id, intent_id, outcome, reference, reason, at ON "
        "payments_intent_result FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()"
    ),
    (
        "CREATE TRIGGER payments_intent_result_no_delete BEFORE DELETE ON payments_intent_result FOR EACH ROW EXECUTE FUNCTION "
        "kernel_refuse_change()"
    ),
    (
        "CREATE TRIGGER payments_intent_result_no_truncate BEFORE TRUNCATE ON payments_intent_result FOR EACH STATEMENT EXECUTE "
        "FUNCTION kernel_refuse_change()"
    ),
    (
        'CREATE TABLE "payments_refund_order" ("document_id" UUID NOT NULL PRIMARY KEY, "legal_entity_id" UUID NOT NULL, "tender"'
        ' TEXT NOT NULL, "currency" TEXT NOT NULL, "amount" BIGINT NOT NULL, "party_type" TEXT NOT NULL, "party_id" UUID NOT '
        'NULL, "credit_item_id" UUID, "source_id" UUID, "reference" TEXT, FOREIGN KEY (document_id, legal_entity_id) REFERENCES '
        "kernel_document (id, legal_entity_id), CHECK (amount > 0))"
    ),
    (
        "CREATE TRIGGER payments_refund_order_no_update BEFORE UPDATE OF document_id, legal_entity_id, tender, currency, amount, "
        "party_type, party_id, credit_item_id, source_id, reference ON payments_refund_order FOR EACH ROW EXECUTE FUNCTION "
        "kernel_refuse_change()"
    ),
    (
        "CREATE TRIGGER payments_refund_order_no_delete BEFORE DELETE ON payments_refund_order FOR EACH ROW EXECUTE FUNCTION "
        "kernel_refuse_change()"
    ),
    (
        "CREATE TRIGGER payments_refund_order_no_truncate BEFORE TRUNCATE ON payments_refund_order FOR EACH STATEMENT EXECUTE "
        "FUNCTION kernel_refuse_change()"
    ),
    (
        'CREATE TABLE "payments_drawer_movement" ("document_id" UUID NOT NULL PRIMARY KEY, "legal_entity_id" UUID NOT NULL, '
        '"tender" TEXT NOT NULL, "currency" TEXT NOT NULL, "amount" BIGINT NOT NULL, "note" TEXT, FOREIGN KEY (document_id, '
        "legal_entity_id) REFERENCES kernel_document (id, legal_entity_id), CHECK (amount <> 0))"
    ),
    (
        "CREATE TRIGGER payments_drawer_movement_no_update BEFORE UPDATE OF document_id, legal_entity_id, tender, currency, "
        "amount, note ON payments_drawer_movement FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()"
    ),
    (
        "CREATE TRIGGER payments_drawer_movement_no_delete BEFORE DELETE ON payments_drawer_movement FOR EACH ROW EXECUTE "
        "FUNCTION kernel_refuse_change()"
    ),
    (
        "CREATE TRIGGER payments_drawer_movement_no_truncate BEFORE TRUNCATE ON payments_drawer_movement FOR EACH STATEMENT "
        "EXECUTE FUNCTION kernel_refuse_change()"
    ),
    (
        'CREATE TABLE "sales_order" ("document_id" UUID NOT NULL PRIMARY KEY, "legal_entity_id" UUID NOT NULL, "customer_id" '
        'UUID, "party_type" TEXT NOT NULL, "party_id" UUID NOT NULL, "currency" TEXT NOT NULL, "price_includes_tax" BOOLEAN NOT '
        'NULL, "warehouse_id" UUID NOT NULL, "discount_amount" BIGINT NOT NULL, "discount_rate" BIGINT NOT NULL, "net" BIGINT NOT'
        ' NULL, "tax" BIGINT NOT NULL, "total" BIGINT NOT NULL, FOREIGN KEY (document_id, legal_entity_id) REFERENCES '
        "kernel_document (id, legal_entity_id))"
    ),
    'CREATE INDEX "sales_order_customer" ON "sales_order" ("customer_id", "document_id") WHERE customer_id IS NOT NULL',
    (
        'CREATE TABLE "sales_order_line" ("id" UUID NOT NULL PRIMARY KEY, "document_id" UUID NOT NULL, "number" BIGINT NOT NULL, '
        '"product_id" UUID NOT NULL, "description" TEXT NOT NULL, "quantity" BIGINT NOT NULL, "unit_price" BIGINT NOT NULL, '
        '"price_origin" TEXT NOT NULL, "price_reason" TEXT, "discount" BIGINT NOT NULL, "total_share" BIGINT NOT NULL, '
        '"discount_rate" BIGINT NOT NULL, "unit_discount" BIGINT NOT NULL, "discount_origin" TEXT NOT NULL, "net_discount" BIGINT'
        ' NOT NULL, "net" BIGINT NOT NULL, "tax" BIGINT NOT NULL, "total" BIGINT NOT NULL, "warehouse_id" UUID NOT NULL, "money" '
        'TEXT NOT NULL, "goods" TEXT NOT NULL, "cost_source" TEXT NOT NULL, "offset_role" TEXT NOT NULL, "given_cost" BIGINT, '
        '"source_document_id" UUID, "source_number" BIGINT, "source_lot_id" UUID, "source_cost" BIGINT, "unreferenced" BOOLEAN '
        "NOT NULL, FOREIGN KEY (document_id) REFERENCES sales_order (document_id), CHECK (quantity <> 0), CHECK (unit_price >= "
        "0))"
    ),
    'CREATE UNIQUE INDEX "sales_order_line_document_id_number" ON "sales_order_line" ("document_id", "number")',
    (
        'CREATE INDEX "sales_order_line_source" ON "sales_order_line" ("source_document_id", "source_number") WHERE '
        "source_document_id IS NOT NULL"
    ),
    (
        'CREATE TABLE "sales_order_tax" ("line_id" UUID NOT NULL, "code" TEXT NOT NULL, "rate" BIGINT NOT NULL, "amount" BIGINT '
        'NOT NULL, PRIMARY KEY ("line_id", "code"), FOREIGN KEY (line_id) REFERENCES sales_order_line (id))'
    ),
    (
        'CREATE TABLE "sales_order_charge" ("document_id" UUID NOT NULL, "number" BIGINT NOT NULL, "line_number" BIGINT, "code" '
        'TEXT NOT NULL, "category" TEXT NOT NULL, "value" BIGINT, "origin" TEXT NOT NULL, "rule" TEXT NOT NULL, "overridden" '
        'BOOLEAN NOT NULL, "reason" TEXT, "amount" BIGINT NOT NULL, "tax" BIGINT NOT NULL, "refund_of_id" UUID, '
        '"refund_of_number" BIGINT, "invoiced" BIGINT NOT NULL, "refunded" BIGINT NOT NULL, PRIMARY KEY ("document_id", '
        "\"number\"), FOREIGN KEY (document_id) REFERENCES sales_order (document_id), CHECK (category IN ('fixed', 'pieces', "
        "'percent')), CHECK (origin IN ('manual', 'act', 'derived')), CHECK (abs(invoiced) <= abs(amount) AND (invoiced = 0 OR "
        "(invoiced > 0) = (amount > 0))))"
    ),
    'CREATE INDEX "sales_order_charge_refund" ON "sales_order_charge" ("refund_of_id", "refund_of_number") WHERE refund_of_id IS NOT NULL',
    (
        'CREATE TABLE "sales_order_charge_tax" ("document_id" UUID NOT NULL, "number" BIGINT NOT NULL, "code" TEXT NOT NULL, '
        '"rate" BIGINT NOT NULL, "amount" BIGINT NOT NULL, PRIMARY KEY ("document_id", "number", "code"), FOREIGN KEY '
        "(document_id) REFERENCES sales_order (document_id))"
    ),
    (
        'CREATE TABLE "sales_charge_code" ("id" UUID NOT NULL PRIMARY KEY, "legal_entity_id" UUID NOT NULL, "code" TEXT NOT NULL,'
        ' "name" TEXT NOT NULL, "account_role" TEXT NOT NULL, "tax_group" TEXT, "is_shipping" BOOLEAN NOT NULL, "is_refundable" '
        'BOOLEAN NOT NULL, "active" BOOLEAN NOT NULL, "version" BIGINT NOT NULL, UNIQUE (legal_entity_id, code), FOREIGN KEY '
        "(legal_entity_id) REFERENCES org_legal_entity (id), CHECK (version > 0))"
    ),
    (
        'CREATE TABLE "sales_line_balance" ("line_id" UUID NOT NULL PRIMARY KEY, "ordered" BIGINT NOT NULL, "reserved" BIGINT NOT'
        ' NULL, "picked" BIGINT NOT NULL, "delivered" BIGINT NOT NULL, "invoiced" BIGINT NOT NULL, "cancelled" BIGINT NOT NULL, '
        '"return_claimed" BIGINT NOT NULL, "credited" BIGINT NOT NULL, "delivered_cost" BIGINT NOT NULL, "invoiced_cost" BIGINT '
        'NOT NULL, "physical_cost" BIGINT NOT NULL, CHECK (delivered + cancelled <= ordered), CHECK (invoiced + cancelled <= '
        "ordered), CHECK (return_claimed + credited <= invoiced), CHECK (delivered >= 0 AND invoiced >= 0 AND cancelled >= 0 AND "
        "return_claimed >= 0 AND credited >= 0))"
    ),
    (
        'CREATE TABLE "sales_packing_slip" ("document_id" UUID NOT NULL PRIMARY KEY, "legal_entity_id" UUID NOT NULL, "order_id" '
        "UUID NOT NULL, FOREIGN KEY (document_id, legal_entity_id) REFERENCES kernel_document (id, legal_entity_id))"
    ),
    'CREATE INDEX "sales_packing_slip_order_id" ON "sales_packing_slip" ("order_id")',
    (
        "CREATE TRIGGER sales_packing_slip_no_update BEFORE UPDATE OF document_id, legal_entity_id, order_id ON "
        "sales_packing_slip FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()"
    ),
    "CREATE TRIGGER sales_packing_slip_no_delete BEFORE DELETE ON sales_packing_slip FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()",
    (
        "CREATE TRIGGER sales_packing_slip_no_truncate BEFORE TRUNCATE ON sales_packing_slip FOR EACH STATEMENT EXECUTE FUNCTION "
        "kernel_refuse_change()"
    ),
    (
        'CREATE TABLE "sales_packing_slip_line" ("document_id" UUID NOT NULL, "number" BIGINT NOT NULL, "order_line_id" UUID NOT '
        'NULL, "product_id" UUID NOT NULL, "warehouse_id" UUID NOT NULL, "quantity" BIGINT NOT NULL, "cost" BIGINT NOT NULL, '
        'PRIMARY KEY ("document_id", "number"), FOREIGN KEY (document_id) REFERENCES sales_packing_slip (document_id))'
    ),
    (
        "CREATE TRIGGER sales_packing_slip_line_no_update BEFORE UPDATE OF document_id, number, order_line_id, product_id, "
        "warehouse_id, quantity, cost ON sales_packing_slip_line FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()"
    ),
    (
        "CREATE TRIGGER sales_packing_slip_line_no_delete BEFORE DELETE ON sales_packing_slip_line FOR EACH ROW EXECUTE FUNCTION "
        "kernel_refuse_change()"
    ),
    (
        "CREATE TRIGGER sales_packing_slip_line_no_truncate BEFORE TRUNCATE ON sales_packing_slip_line FOR EACH STATEMENT EXECUTE"
        " FUNCTION kernel_refuse_change()"
    ),
    (
        'CREATE TABLE "sales_invoice" ("document_id" UUID NOT NULL PRIMARY KEY, "legal_entity_id" UUID NOT NULL, "party_type" '
        'TEXT NOT NULL, "party_id" UUID NOT NULL, "currency" TEXT NOT NULL, "net" BIGINT NOT NULL, "tax" BIGINT NOT NULL, "total"'
        ' BIGINT NOT NULL, "due_date" TEXT NOT NULL, "rounding" TEXT NOT NULL, "correction" BOOLEAN NOT NULL, FOREIGN KEY '
        "(document_id, legal_entity_id) REFERENCES kernel_document (id, legal_entity_id), CHECK (net + tax = total))"
    ),
    (
        "CREATE TRIGGER sales_invoice_no_update BEFORE UPDATE OF document_id, legal_entity_id, party_type, party_id, currency, "
        "net, tax, total, due_date, rounding, correction ON sales_invoice FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()"
    ),
    "CREATE TRIGGER sales_invoice_no_delete BEFORE DELETE ON sales_invoice FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()",
    "CREATE TRIGGER sales_invoice_no_truncate BEFORE TRUNCATE ON sales_invoice FOR EACH STATEMENT EXECUTE FUNCTION kernel_refuse_change()",
    (
        'CREATE TABLE "sales_invoice_line" ("document_id" UUID NOT NULL, "number" BIGINT NOT NULL, "order_id" UUID NOT NULL, '
        '"order_line_id" UUID NOT NULL, "product_id" UUID NOT NULL, "description" TEXT NOT NULL, "quantity" BIGINT NOT NULL, '
        '"unit_price" BIGINT NOT NULL, "discount" BIGINT NOT NULL, "net_discount" BIGINT NOT NULL, "net" BIGINT NOT NULL, "tax" '
        'BIGINT NOT NULL, "total" BIGINT NOT NULL, "cost" BIGINT NOT NULL, PRIMARY KEY ("document_id", "number"), FOREIGN KEY '
        "(document_id) REFERENCES sales_invoice (document_id))"
    ),
    'CREATE INDEX "sales_invoice_line_order_id" ON "sales_invoice_line" ("order_id")',
    (
        "CREATE TRIGGER sales_invoice_line_no_update BEFORE UPDATE OF document_id, number, order_id, order_line_id, product_id, "
        "description, quantity, unit_price, discount, net_discount, net, tax, total, cost ON sales_invoice_line FOR EACH ROW "
        "EXECUTE FUNCTION kernel_refuse_change()"
    ),
    "CREATE TRIGGER sales_invoice_line_no_delete BEFORE DELETE ON sales_invoice_line FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()",
    (
        "CREATE TRIGGER sales_invoice_line_no_truncate BEFORE TRUNCATE ON sales_invoice_line FOR EACH STATEMENT EXECUTE FUNCTION "
        "kernel_refuse_change()"
    ),
    (
        'CREATE TABLE "sales_invoice_tax" ("document_id" UUID NOT NULL, "line_number" BIGINT NOT NULL, "code" TEXT NOT NULL, '
        '"rate" BIGINT NOT NULL, "base" BIGINT NOT NULL, "amount" BIGINT NOT NULL, PRIMARY KEY ("document_id", "line_number", '
        '"code"), FOREIGN KEY (document_id) REFERENCES sales_invoice (document_id))'
    ),
    (
        "CREATE TRIGGER sales_invoice_tax_no_update BEFORE UPDATE OF document_id, line_number, code, rate, base, amount ON "
        "sales_invoice_tax FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()"
    ),
    "CREATE TRIGGER sales_invoice_tax_no_delete BEFORE DELETE ON sales_invoice_tax FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()",
    (
        "CREATE TRIGGER sales_invoice_tax_no_truncate BEFORE TRUNCATE ON sales_invoice_tax FOR EACH STATEMENT EXECUTE FUNCTION "
        "kernel_refuse_change()"
    ),
    (
        'CREATE TABLE "sales_invoice_charge" ("document_id" UUID NOT NULL, "number" BIGINT NOT NULL, "order_id" UUID NOT NULL, '
        '"order_number" BIGINT NOT NULL, "code" TEXT NOT NULL, "amount" BIGINT NOT NULL, "tax" BIGINT NOT NULL, PRIMARY KEY '
        '("document_id", "number"), FOREIGN KEY (document_id) REFERENCES sales_invoice (document_id))'
    ),
    (
        "CREATE TRIGGER sales_invoice_charge_no_update BEFORE UPDATE OF document_id, number, order_id, order_number, code, "
        "amount, tax ON sales_invoice_charge FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()"
    ),
    (
        "CREATE TRIGGER sales_invoice_charge_no_delete BEFORE DELETE ON sales_invoice_charge FOR EACH ROW EXECUTE FUNCTION "
        "kernel_refuse_change()"
    ),
    (
        "CREATE TRIGGER sales_invoice_charge_no_truncate BEFORE TRUNCATE ON sales_invoice_charge FOR EACH STATEMENT EXECUTE "
        "FUNCTION kernel_refuse_change()"
    ),
    (
        'CREATE TABLE "sales_source" ("document_id" UUID NOT NULL, "number" BIGINT NOT NULL, "sold" BIGINT NOT NULL, "claimed" '
        'BIGINT NOT NULL, "valued" BIGINT NOT NULL, "discount" BIGINT NOT NULL, "net_discount" BIGINT NOT NULL, "net" BIGINT NOT '
        'NULL, "cost" BIGINT NOT NULL, "changes" BIGINT NOT NULL, PRIMARY KEY ("document_id", "number"), FOREIGN KEY '
        "(document_id, number) REFERENCES sales_invoice_line (document_id, number), CHECK (valued BETWEEN 0 AND claimed AND "
        "claimed <= sold))"
    ),
    (
        'CREATE TABLE "sales_source_tax" ("document_id" UUID NOT NULL, "number" BIGINT NOT NULL, "code" TEXT NOT NULL, "amount" '
        'BIGINT NOT NULL, PRIMARY KEY ("document_id", "number", "code"), FOREIGN KEY (document_id, number) REFERENCES '
        "sales_source (document_id, number))"
    ),
    (
        'CREATE TABLE "sales_draft" ("id" UUID NOT NULL PRIMARY KEY, "legal_entity_id" UUID NOT NULL, "store_id" UUID NOT NULL, '
        '"kind" TEXT NOT NULL, "state" TEXT NOT NULL, "version" BIGINT NOT NULL, "customer_id" UUID, "of_id" UUID, "of_version" '
        'BIGINT, "expires_on" DATE NOT NULL, "currency" TEXT NOT NULL, "total" BIGINT NOT NULL, "content" TEXT NOT NULL, '
        '"created_at" BIGINT NOT NULL, "created_by" TEXT NOT NULL, "changed_at" BIGINT NOT NULL, "reason" TEXT, FOREIGN KEY '
        "(legal_entity_id) REFERENCES org_legal_entity (id), CHECK (kind IN ('cart', 'quote', 'edit')), CHECK (state IN ('open', "
        "'committed', 'void', 'lost', 'expired')), CHECK ((kind = 'edit') = (of_id IS NOT NULL)), CHECK (version > 0))"
    ),
    'CREATE INDEX "sales_draft_legal_entity_id_id" ON "sales_draft" ("legal_entity_id", "id")',
    'CREATE UNIQUE INDEX "sales_draft_edit" ON "sales_draft" ("of_id", "of_version") WHERE state = \'open\' AND of_id IS NOT NULL',
    'CREATE INDEX "sales_draft_expiry" ON "sales_draft" ("legal_entity_id", "expires_on") WHERE state = \'open\'',
    'CREATE INDEX "sales_draft_of" ON "sales_draft" ("of_id", "id") WHERE of_id IS NOT NULL',
    'CREATE INDEX "sales_draft_customer" ON "sales_draft" ("customer_id", "id") WHERE customer_id IS NOT NULL',
    (
        'CREATE TABLE "stock_balance" ("product_id" UUID NOT NULL, "warehouse_id" UUID NOT NULL, "on_hand" BIGINT NOT NULL, '
        '"on_order" BIGINT NOT NULL, "reserved" BIGINT NOT NULL, "picked" BIGINT NOT NULL, "ordered" BIGINT NOT NULL, '
        '"in_transit" BIGINT NOT NULL, "registered" BIGINT NOT NULL, "reserved_ordered" BIGINT NOT NULL, "blocked" BIGINT NOT '
        'NULL, "value" BIGINT NOT NULL, "issued_value" BIGINT NOT NULL, PRIMARY KEY ("product_id", "warehouse_id"), CHECK '
        "(on_hand <> 0 OR value = 0))"
    ),
    (
        'CREATE TABLE "stock_transaction" ("lot_id" UUID NOT NULL, "sequence" BIGINT NOT NULL, "document_id" UUID NOT NULL, '
        '"legal_entity_id" UUID NOT NULL, "product_id" UUID NOT NULL, "warehouse_id" UUID NOT NULL, "from_status" TEXT NOT NULL, '
        '"to_status" TEXT NOT NULL, "quantity" BIGINT NOT NULL, "cost" BIGINT NOT NULL, "issued_cost" BIGINT NOT NULL, "date" '
        'DATE NOT NULL, "rule" TEXT NOT NULL, "source_lot_id" UUID, PRIMARY KEY ("lot_id", "sequence"), FOREIGN KEY (document_id,'
        " legal_entity_id) REFERENCES kernel_document (id, legal_entity_id))"
    ),
    'CREATE INDEX "stock_transaction_product_id_warehouse_id_lot_id" ON "stock_transaction" ("product_id", "warehouse_id", "lot_id")',
    'CREATE INDEX "stock_transaction_source" ON "stock_transaction" ("source_lot_id") WHERE source_lot_id IS NOT NULL',
    (
        "CREATE TRIGGER stock_transaction_no_update BEFORE UPDATE OF lot_id, sequence, document_id, legal_entity_id, product_id, "
        "warehouse_id, from_status, to_status, quantity, cost, issued_cost, date, rule, source_lot_id ON stock_transaction FOR "
        "EACH ROW EXECUTE FUNCTION kernel_refuse_change()"
    ),
    "CREATE TRIGGER stock_transaction_no_delete BEFORE DELETE ON stock_transaction FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()",
    (
        "CREATE TRIGGER stock_transaction_no_truncate BEFORE TRUNCATE ON stock_transaction FOR EACH STATEMENT EXECUTE FUNCTION "
        "kernel_refuse_change()"
    ),
    (
        'CREATE TABLE "stock_adjustment" ("document_id" UUID NOT NULL PRIMARY KEY, "legal_entity_id" UUID NOT NULL, '
        '"warehouse_id" UUID NOT NULL, "reason" TEXT NOT NULL, "note" TEXT, FOREIGN KEY (document_id, legal_entity_id) REFERENCES'
        " kernel_document (id, legal_entity_id))"
    ),
    (
        "CREATE TRIGGER stock_adjustment_no_update BEFORE UPDATE OF document_id, legal_entity_id, warehouse_id, reason, note ON "
        "stock_adjustment FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()"
    ),
    "CREATE TRIGGER stock_adjustment_no_delete BEFORE DELETE ON stock_adjustment FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()",
    (
        "CREATE TRIGGER stock_adjustment_no_truncate BEFORE TRUNCATE ON stock_adjustment FOR EACH STATEMENT EXECUTE FUNCTION "
        "kernel_refuse_change()"
    ),
    (
        'CREATE TABLE "stock_adjustment_line" ("document_id" UUID NOT NULL, "number" BIGINT NOT NULL, "lot_id" UUID NOT NULL, '
        '"product_id" UUID NOT NULL, "quantity" BIGINT NOT NULL, "cost" BIGINT NOT NULL, PRIMARY KEY ("document_id", "number"), '
        "FOREIGN KEY (document_id) REFERENCES stock_adjustment (document_id))"
    ),
    (
        "CREATE TRIGGER stock_adjustment_line_no_update BEFORE UPDATE OF document_id, number, lot_id, product_id, quantity, cost "
        "ON stock_adjustment_line FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()"
    ),
    (
        "CREATE TRIGGER stock_adjustment_line_no_delete BEFORE DELETE ON stock_adjustment_line FOR EACH ROW EXECUTE FUNCTION "
        "kernel_refuse_change()"
    ),
    (
        "CREATE TRIGGER stock_adjustment_line_no_truncate BEFORE TRUNCATE ON stock_adjustment_line FOR EACH STATEMENT EXECUTE "
        "FUNCTION kernel_refuse_change()"
    ),
    (
        'CREATE TABLE "stock_reservation" ("document_id" UUID NOT NULL PRIMARY KEY, "legal_entity_id" UUID NOT NULL, "note" TEXT,'
        ' "expires_at" BIGINT, "waits" BOOLEAN NOT NULL, FOREIGN KEY (document_id, legal_entity_id) REFERENCES kernel_document '
        "(id, legal_entity_id))"
    ),
    'CREATE INDEX "stock_reservation_expiring" ON "stock_reservation" ("legal_entity_id", "expires_at") WHERE expires_at IS NOT NULL',
    'CREATE INDEX "stock_reservation_waiting" ON "stock_reservation" ("legal_entity_id", "document_id") WHERE waits',
    (
        "CREATE TRIGGER stock_reservation_no_update BEFORE UPDATE OF document_id, legal_entity_id, note ON stock_reservation FOR "
        "EACH ROW EXECUTE FUNCTION kernel_refuse_change()"
    ),
    "CREATE TRIGGER stock_reservation_no_delete BEFORE DELETE ON stock_reservation FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()",
    (
        "CREATE TRIGGER stock_reservation_no_truncate BEFORE TRUNCATE ON stock_reservation FOR EACH STATEMENT EXECUTE FUNCTION "
        "kernel_refuse_change()"
    ),
    (
        'CREATE TABLE "stock_reservation_line" ("document_id" UUID NOT NULL, "number" BIGINT NOT NULL, "lot_id" UUID NOT NULL, '
        '"product_id" UUID NOT NULL, "warehouse_id" UUID NOT NULL, "quantity" BIGINT NOT NULL, "basis" TEXT NOT NULL, PRIMARY KEY'
        ' ("document_id", "number"), FOREIGN KEY (document_id) REFERENCES stock_reservation (document_id), CHECK (basis IN '
        "('on_hand', 'ordered')), CHECK (quantity > 0))"
    ),
    'CREATE INDEX "stock_reservation_line_lot_id" ON "stock_reservation_line" ("lot_id")',
    (
        "CREATE TRIGGER stock_reservation_line_no_update BEFORE UPDATE OF document_id, number, lot_id, product_id, warehouse_id, "
        "quantity, basis ON stock_reservation_line FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()"
    ),
    (
        "CREATE TRIGGER stock_reservation_line_no_delete BEFORE DELETE ON stock_reservation_line FOR EACH ROW EXECUTE FUNCTION "
        "kernel_refuse_change()"
    ),
    (
        "CREATE TRIGGER stock_reservation_line_no_truncate BEFORE TRUNCATE ON stock_reservation_line FOR EACH STATEMENT EXECUTE "
        "FUNCTION kernel_refuse_change()"
    ),
    (
        'CREATE TABLE "stock_block" ("document_id" UUID NOT NULL PRIMARY KEY, "legal_entity_id" UUID NOT NULL, "warehouse_id" '
        'UUID NOT NULL, "reason" TEXT NOT NULL, "note" TEXT, FOREIGN KEY (document_id, legal_entity_id) REFERENCES '
        "kernel_document (id, legal_entity_id))"
    ),
    (
        "CREATE TRIGGER stock_block_no_update BEFORE UPDATE OF document_id, legal_entity_id, warehouse_id, reason, note ON "
        "stock_block FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()"
    ),
    "CREATE TRIGGER stock_block_no_delete BEFORE DELETE ON stock_block FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()",
    "CREATE TRIGGER stock_block_no_truncate BEFORE TRUNCATE ON stock_block FOR EACH STATEMENT EXECUTE FUNCTION kernel_refuse_change()",
    (
        'CREATE TABLE "stock_block_line" ("document_id" UUID NOT NULL, "number" BIGINT NOT NULL, "lot_id" UUID NOT NULL, '
        '"product_id" UUID NOT NULL, "quantity" BIGINT NOT NULL, PRIMARY KEY ("document_id", "number"), FOREIGN KEY (document_id)'
        " REFERENCES stock_block (document_id), CHECK (quantity > 0))"
    ),
    (
        "CREATE TRIGGER stock_block_line_no_update BEFORE UPDATE OF document_id, number, lot_id, product_id, quantity ON "
        "stock_block_line FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()"
    ),
    "CREATE TRIGGER stock_block_line_no_delete BEFORE DELETE ON stock_block_line FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()",
    (
        "CREATE TRIGGER stock_block_line_no_truncate BEFORE TRUNCATE ON stock_block_line FOR EACH STATEMENT EXECUTE FUNCTION "
        "kernel_refuse_change()"
    ),
    (
        'CREATE TABLE "stock_transfer" ("document_id" UUID NOT NULL PRIMARY KEY, "legal_entity_id" UUID NOT NULL, '
        '"from_warehouse_id" UUID NOT NULL, "to_warehouse_id" UUID NOT NULL, "note" TEXT, FOREIGN KEY (document_id, '
        "legal_entity_id) REFERENCES kernel_document (id, legal_entity_id), CHECK (from_warehouse_id <> to_warehouse_id))"
    ),
    (
        "CREATE TRIGGER stock_transfer_no_update BEFORE UPDATE OF document_id, legal_entity_id, from_warehouse_id, "
        "to_warehouse_id, note ON stock_transfer FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()"
    ),
    "CREATE TRIGGER stock_transfer_no_delete BEFORE DELETE ON stock_transfer FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()",
    (
        "CREATE TRIGGER stock_transfer_no_truncate BEFORE TRUNCATE ON stock_transfer FOR EACH STATEMENT EXECUTE FUNCTION "
        "kernel_refuse_change()"
    ),
    (
        'CREATE TABLE "stock_transfer_line" ("id" UUID NOT NULL PRIMARY KEY, "document_id" UUID NOT NULL, "number" BIGINT NOT '
        'NULL, "product_id" UUID NOT NULL, "quantity" BIGINT NOT NULL, "receipt_lot_id" UUID NOT NULL, UNIQUE (document_id, '
        "number), FOREIGN KEY (document_id) REFERENCES stock_transfer (document_id), CHECK (quantity > 0))"
    ),
    (
        "CREATE TRIGGER stock_transfer_line_no_update BEFORE UPDATE OF id, document_id, number, product_id, quantity, "
        "receipt_lot_id ON stock_transfer_line FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()"
    ),
    (
        "CREATE TRIGGER stock_transfer_line_no_delete BEFORE DELETE ON stock_transfer_line FOR EACH ROW EXECUTE FUNCTION "
        "kernel_refuse_change()"
    ),
    (
        "CREATE TRIGGER stock_transfer_line_no_truncate BEFORE TRUNCATE ON stock_transfer_line FOR EACH STATEMENT EXECUTE "
        "FUNCTION kernel_refuse_change()"
    ),
    (
        'CREATE TABLE "stock_transfer_balance" ("line_id" UUID NOT NULL PRIMARY KEY, "ordered" BIGINT NOT NULL, "cancelled" '
        'BIGINT NOT NULL, "shipped" BIGINT NOT NULL, "received" BIGINT NOT NULL, "lost" BIGINT NOT NULL, "shipped_cost" BIGINT '
        'NOT NULL, "received_cost" BIGINT NOT NULL, CHECK (shipped + cancelled <= ordered), CHECK (received + lost <= shipped))'
    ),
    (
        'CREATE TABLE "stock_transfer_posting" ("document_id" UUID NOT NULL PRIMARY KEY, "legal_entity_id" UUID NOT NULL, '
        '"transfer_id" UUID NOT NULL, FOREIGN KEY (document_id, legal_entity_id) REFERENCES kernel_document (id, '
        "legal_entity_id), FOREIGN KEY (transfer_id) REFERENCES stock_transfer (document_id))"
    ),
    'CREATE INDEX "stock_transfer_posting_transfer_id" ON "stock_transfer_posting" ("transfer_id")',
    (
        "CREATE TRIGGER stock_transfer_posting_no_update BEFORE UPDATE OF document_id, legal_entity_id, transfer_id ON "
        "stock_transfer_posting FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()"
    ),
    (
        "CREATE TRIGGER stock_transfer_posting_no_delete BEFORE DELETE ON stock_transfer_posting FOR EACH ROW EXECUTE FUNCTION "
        "kernel_refuse_change()"
    ),
    (
        "CREATE TRIGGER stock_transfer_posting_no_truncate BEFORE TRUNCATE ON stock_transfer_posting FOR EACH STATEMENT EXECUTE "
        "FUNCTION kernel_refuse_change()"
    ),
    (
        'CREATE TABLE "stock_transfer_posting_line" ("document_id" UUID NOT NULL, "number" BIGINT NOT NULL, "line_id" UUID NOT '
        'NULL, "quantity" BIGINT NOT NULL, "lost" BIGINT NOT NULL, "cost" BIGINT NOT NULL, "lost_cost" BIGINT NOT NULL, PRIMARY '
        'KEY ("document_id", "number"), FOREIGN KEY (document_id) REFERENCES stock_transfer_posting (document_id))'
    ),
    (
        "CREATE TRIGGER stock_transfer_posting_line_no_update BEFORE UPDATE OF document_id, number, line_id, quantity, lost, "
        "cost, lost_cost ON stock_transfer_posting_line FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()"
    ),
    (
        "CREATE TRIGGER stock_transfer_posting_line_no_delete BEFORE DELETE ON stock_transfer_posting_line FOR EACH ROW EXECUTE "
        "FUNCTION kernel_refuse_change()"
    ),
    (
        "CREATE TRIGGER stock_transfer_posting_line_no_truncate BEFORE TRUNCATE ON stock_transfer_posting_line FOR EACH STATEMENT"
        " EXECUTE FUNCTION kernel_refuse_change()"
    ),
    (
        'CREATE TABLE "stock_cost_adjustment" ("document_id" UUID NOT NULL PRIMARY KEY, "legal_entity_id" UUID NOT NULL, "reason"'
        ' TEXT NOT NULL, "closing_id" UUID, FOREIGN KEY (document_id, legal_entity_id) REFERENCES kernel_document (id, '
        "legal_entity_id))"
    ),
    (
        "CREATE TRIGGER stock_cost_adjustment_no_update BEFORE UPDATE OF document_id, legal_entity_id, reason, closing_id ON "
        "stock_cost_adjustment FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()"
    ),
    (
        "CREATE TRIGGER stock_cost_adjustment_no_delete BEFORE DELETE ON stock_cost_adjustment FOR EACH ROW EXECUTE FUNCTION "
        "kernel_refuse_change()"
    ),
    (
        "CREATE TRIGGER stock_cost_adjustment_no_truncate BEFORE TRUNCATE ON stock_cost_adjustment FOR EACH STATEMENT EXECUTE "
        "FUNCTION kernel_refuse_change()"
    ),
    (
        'CREATE TABLE "stock_cost_layer" ("document_id" UUID NOT NULL, "number" BIGINT NOT NULL, "lot_id" UUID NOT NULL, '
        '"product_id" UUID NOT NULL, "warehouse_id" UUID NOT NULL, "value" BIGINT NOT NULL, "variance" BIGINT NOT NULL, "role" '
        'TEXT NOT NULL, "selector" TEXT NOT NULL, "follows_lot_id" UUID, PRIMARY KEY ("document_id", "number"), FOREIGN KEY '
        "(document_id) REFERENCES stock_cost_adjustment (document_id))"
    ),
    'CREATE INDEX "stock_cost_layer_lot_id" ON "stock_cost_layer" ("lot_id")',
    (
        "CREATE TRIGGER stock_cost_layer_no_update BEFORE UPDATE OF document_id, number, lot_id, product_id, warehouse_id, value,"
        " variance, role, selector, follows_lot_id ON stock_cost_layer FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()"
    ),
    "CREATE TRIGGER stock_cost_layer_no_delete BEFORE DELETE ON stock_cost_layer FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()",
    (
        "CREATE TRIGGER stock_cost_layer_no_truncate BEFORE TRUNCATE ON stock_cost_layer FOR EACH STATEMENT EXECUTE FUNCTION "
        "kernel_refuse_change()"
    ),
    (
        'CREATE TABLE "stock_closing" ("document_id" UUID NOT NULL PRIMARY KEY, "legal_entity_id" UUID NOT NULL, "through" DATE '
        "NOT NULL, FOREIGN KEY (document_id, legal_entity_id) REFERENCES kernel_document (id, legal_entity_id))"
    ),
    (
        "CREATE TRIGGER stock_closing_no_update BEFORE UPDATE OF document_id, legal_entity_id, through ON stock_closing FOR EACH "
        "ROW EXECUTE FUNCTION kernel_refuse_change()"
    ),
    "CREATE TRIGGER stock_closing_no_delete BEFORE DELETE ON stock_closing FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()",
    "CREATE TRIGGER stock_closing_no_truncate BEFORE TRUNCATE ON stock_closing FOR EACH STATEMENT EXECUTE FUNCTION kernel_refuse_change()",
    (
        'CREATE TABLE "stock_closed" ("legal_entity_id" UUID NOT NULL PRIMARY KEY, "through" DATE NOT NULL, "version" BIGINT NOT '
        "NULL, CHECK (version > 0))"
    ),
    (
        'CREATE TABLE "stock_settlement" ("document_id" UUID NOT NULL, "number" BIGINT NOT NULL, "issue_lot_id" UUID NOT NULL, '
        '"receipt_lot_id" UUID NOT NULL, "quantity" BIGINT NOT NULL, "cost" BIGINT NOT NULL, PRIMARY KEY ("document_id", '
        '"number"), FOREIGN KEY (document_id) REFERENCES stock_cost_adjustment (document_id), CHECK (quantity > 0))'
    ),
    'CREATE INDEX "stock_settlement_issue_lot_id" ON "stock_settlement" ("issue_lot_id")',
    'CREATE INDEX "stock_settlement_receipt_lot_id" ON "stock_settlement" ("receipt_lot_id")',
    (
        "CREATE TRIGGER stock_settlement_no_update BEFORE UPDATE OF document_id, number, issue_lot_id, receipt_lot_id, quantity, "
        "cost ON stock_settlement FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()"
    ),
    "CREATE TRIGGER stock_settlement_no_delete BEFORE DELETE ON stock_settlement FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()",
    (
        "CREATE TRIGGER stock_settlement_no_truncate BEFORE TRUNCATE ON stock_settlement FOR EACH STATEMENT EXECUTE FUNCTION "
        "kernel_refuse_change()"
    ),
    (
        'CREATE TABLE "stock_count" ("document_id" UUID NOT NULL PRIMARY KEY, "legal_entity_id" UUID NOT NULL, "warehouse_id" '
        'UUID NOT NULL, "note" TEXT, FOREIGN KEY (document_id, legal_entity_id) REFERENCES kernel_document (id, legal_entity_id))'
    ),
    (
        "CREATE TRIGGER stock_count_no_update BEFORE UPDATE OF document_id, legal_entity_id, warehouse_id, note ON stock_count "
        "FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()"
    ),
    "CREATE TRIGGER stock_count_no_delete BEFORE DELETE ON stock_count FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()",
    "CREATE TRIGGER stock_count_no_truncate BEFORE TRUNCATE ON stock_count FOR EACH STATEMENT EXECUTE FUNCTION kernel_refuse_change()",
    (
        'CREATE TABLE "stock_count_line" ("document_id" UUID NOT NULL, "number" BIGINT NOT NULL, "product_id" UUID NOT NULL, '
        '"expected" BIGINT NOT NULL, "counted" BIGINT, PRIMARY KEY ("document_id", "number"), FOREIGN KEY (document_id) '
        "REFERENCES stock_count (document_id), UNIQUE (document_id, product_id))"
    ),
    (
        "CREATE TRIGGER stock_count_line_no_update BEFORE UPDATE OF document_id, number, product_id, expected ON stock_count_line"
        " FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()"
    ),
    "CREATE TRIGGER stock_count_line_no_delete BEFORE DELETE ON stock_count_line FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()",
    (
        "CREATE TRIGGER stock_count_line_no_truncate BEFORE TRUNCATE ON stock_count_line FOR EACH STATEMENT EXECUTE FUNCTION "
        "kernel_refuse_change()"
    ),
]

up, down = ddl_migration(SQLITE, POSTGRESQL)
