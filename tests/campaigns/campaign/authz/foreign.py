"""Foreign things: ids of another legal entity's real data in paths and bodies; the answer is that of something that is not there."""

from __future__ import annotations

import random
import re
from typing import Any

from campaign.authz.matrix import IN_BRACES, SOMETHING, declared_operations, requests
from campaign.authz.town import OTHER_STORE, Town
from campaign.counting import gained
from campaign.report import Report
from campaign.scenarios import SCENARIOS, Stage
from kassa.kernel.errors import KassaError
from kassa.kernel.permissions import Actor

SHARED = {"product", "barcode", "category", "name", "permission", "role", "tax_group", "worker"}
"""Names in paths of things that belong to no legal entity, or are named by a code that means one's own."""
BY_TABLE = {
    "account": "ledger_account", "period": "ledger_period", "warehouse": "org_warehouse", "store": "org_store", "customer": "parties_customer",
    "price_list": "catalog_price_list", "charge_code": "sales_charge_code", "reason_code": "org_reason_code", "profile": "org_profile",
    "return_policy": "org_return_policy", "fulfilment_group": "org_fulfilment_group", "discount": "catalog_discount", "job": "kernel_job",
    "hierarchy": "org_hierarchy", "item_model_group": "catalog_item_model_group",
}  # fmt: skip
BY_KIND = {
    "order": "order", "invoice": "invoice", "payment": "payment", "adjustment": "stock_adjustment", "count": "stock_count",
    "block": "stock_block", "reservation": "stock_reservation", "transfer": "stock_transfer", "voucher": "invoice",
}  # fmt: skip
NOT_LOOKED_UP_ALONE = {"address_id", "charge", "place", "node", "grant", "line", "placement"}
"""Names of things that stand beneath another one in the path, which is looked for first."""
IDS = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


def look(town: Town, report: Report, part: random.Random | None) -> None:
    """Put what belongs to another into every path and into every act."""
    fill(town)
    victims = known_victims(town)
    before = town.counts()
    _in_paths(town, report, victims, part)
    changed = gained(town.counts(), before)
    report.expect(not changed, f"rows were written: {dict(changed)}", "foreign")
    _in_acts(town, report)
    _in_the_other_store(town, report)


def fill(town: Town) -> None:
    """Give the victim one document of each kind that an operation can make, and reference data of each sort."""
    for number, make in enumerate(SCENARIOS.values(), 1):
        make(Stage(town.victim, number))
    shop = town.victim.shop
    for operation, command in (
        ("sales.create_charge_code", {"code": "gift_wrap", "name": "Gift"}),
        ("org.create_profile", {"code": "P1", "name": "Profile"}),
        ("org.create_reason_code", {"code": "R1", "purpose": "price_override", "name": "Reason"}),
        ("org.create_return_policy", {"code": "RP1", "name": "Policy"}),
        ("org.create_fulfilment_group", {"code": "F1", "name": "Group"}),
        ("sales.start_invoice_run", {}),
        ("org.create_hierarchy", {"code": "H1", "name": "Hierarchy", "purpose": "reporting"}),
        ("catalog.create_discount", {"code": "D1", "name": "Discount", "rate": "0.1", "from_date": "2026-01-01"}),
    ):
        try:
            shop.perform(operation, command)
        except KassaError as error:
            raise AssertionError(f"{operation} cannot be set up: {error}") from error


def known_victims(town: Town) -> dict[str, str]:
    """Ids of the victim's things, by the name by which paths call them."""
    entity, rows = town.victim.shop.legal_entity_id, town.victim.rows
    found = {}
    for name, table in BY_TABLE.items():
        for (one,) in rows(f"SELECT id FROM {table} WHERE legal_entity_id = ? ORDER BY id LIMIT 1", entity):
            found[name] = one
    for name, kind in BY_KIND.items():
        for (one,) in rows("SELECT id FROM kernel_document WHERE legal_entity_id = ? AND kind = ? ORDER BY id LIMIT 1", entity, kind):
            found[name] = one
    drafts = rows("SELECT id FROM sales_draft WHERE legal_entity_id = ? LIMIT 1", entity)
    found |= {"draft": drafts[0][0], "legal_entity": entity, **people(town)}
    return found


def people(town: Town) -> dict[str, str]:
    """A key and a request for approval of the victim's own."""
    shop = town.victim.shop
    worker = shop.add_worker("VICTIM", "cashier")
    key = shop.perform("org.create_api_key", {"name": "Victim", "roles": ["cashier"], "store": shop.store})["id"]
    sale = {"store": shop.store, "lines": [{"product": shop.add_product("DEAR", price="10.00", stock="1"), "quantity": "1", "unit_price": "1.00"}]}
    try:
        shop.perform("sales.sell", {**sale, "payments": [{"tender": "cash", "amount": "1.00"}]}, actor=worker)
    except KassaError as error:
        return {"api_key": key, "token": str(error.members()["approval"]["token"])}
    raise AssertionError("a cashier may set prices now; let the victim ask for another approval")


def _in_paths(town: Town, report: Report, victims: dict[str, str], part: random.Random | None) -> None:
    """What is foreign and what is not there are answered alike, word for word but for the id."""
    asked = requests(town)
    for row in declared_operations():
        names = [name for name in IN_BRACES.findall(row["path"]) if name not in SHARED | NOT_LOOKED_UP_ALONE]
        for name in names:
            if name not in victims:
                report.find(f"nothing of the victim stands for {name}; name it in this file", row["operation"])
                continue
            if part is not None and part.random() > 0.3:
                continue
            example, body = asked[row["operation"]]
            told = [_said(town, row, example, name, value, body) for value in (victims[name], SOMETHING)]
            report.acts += 2
            report.expect(told[0] == told[1], f"foreign: {told[0]}; not there: {told[1]}", f"{row['operation']} with {name}")
            report.expect(told[0][0] in (404, 422), f"answered {told[0][0]} {told[0][1]}", f"{row['operation']} with {name}")


def _said(town: Town, row: dict[str, Any], example: str, name: str, value: str, body: Any) -> tuple[int, str, str]:
    template, filled = row["path"].split("/"), example.split("/")
    path = "/".join(value if asked == "{" + name + "}" else given for asked, given in zip(template, filled, strict=True))
    answer = town.ask(row["method"], path, "administrator", body)
    said = answer.get_json() or {}
    return answer.status_code, str(said.get("code")), IDS.sub("id", str(said.get("detail")))


def _in_acts(town: Town, report: Report) -> None:
    """The very request that would work for the victim, from somebody of another legal entity who may do everything there."""
    stranger = Actor(id="stranger", name="Stranger", all_permissions=True, legal_entities=frozenset({town.shop.legal_entity_id}))
    for number, (operation, make) in enumerate(SCENARIOS.items(), 500):
        command = make(Stage(town.victim, number)).command
        for entity, statuses in ((town.victim.shop.legal_entity_id, (404,)), (town.shop.legal_entity_id, (404, 409, 422))):
            report.acts += 1
            before = town.counts()
            try:
                town.installation.engine.perform(operation, command, actor=stranger, key=f"stranger-{number}", legal_entity_id=entity)
            except KassaError as error:
                report.expect(error.status in statuses, f"answered {error.status} {error.code}", operation)
                continue
            own = entity == town.shop.legal_entity_id and not _names_a_thing(command)
            report.expect(own, "is done for a stranger", operation)
            report.expect(own or not gained(town.counts(), before), "wrote rows for a stranger", operation)


def _names_a_thing(command: Any) -> bool:
    """Whether a request names something that belongs to one legal entity; one that names nothing works everywhere, on one's own."""
    return bool(command) and set(command) != {"through"}


def _in_the_other_store(town: Town, report: Report) -> None:
    """Acting in a store outside one's scope: it is not there."""
    for number, (operation, make) in enumerate(SCENARIOS.items(), 900):
        found = town.installation.engine.operation(operation)
        command = make(Stage(town.installation, number)).command
        if found.scope != "acting_store" or "store" not in command:
            continue
        actor = Actor(
            id="clerk", name="Clerk", all_permissions=True, legal_entities=frozenset({town.shop.legal_entity_id}), stores=frozenset({town.shop.store_id})
        )
        report.acts += 1
        try:
            town.installation.engine.perform(
                operation, {**command, "store": OTHER_STORE}, actor=actor, key=f"clerk-{number}", legal_entity_id=town.shop.legal_entity_id
            )
        except KassaError as error:
            report.expect(error.status == 404, f"answered {error.status} {error.code}", f"{operation} in another store")
        else:
            report.find("is done in a store outside the scope", operation)
