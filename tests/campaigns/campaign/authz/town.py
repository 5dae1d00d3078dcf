"""Two legal entities with stores, goods and documents, the host over them, and keys of every role in one store."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

from campaign.authz.asking import Asked, documented
from campaign.authz.records import Side
from campaign.counting import contents, counts
from campaign.installation import Installation, install, remove
from kassa.kernel.contributions import Role
from kassa.testing.builders import Shop, build_shop
from kassa.testing.databases import Databases, Kind
from kassa_flask import HostConfig, create_app

OTHER_ENTITY, OTHER_STORE, OWN_STORE = "NL02", "S002", "S001"
PAST = "2026-11-21T10:00:00Z"
HOUR = 3_600_000_000


class Town:
    """NL01 with the stores S001 and S002, and NL02 with S003, which is the victim."""

    def __init__(self, databases: Databases, kind: Kind) -> None:
        self._databases, self._keys = databases, itertools.count(1)
        self.installation: Installation = install(databases, kind)
        self.shop = self.installation.shop
        self.shop.perform("org.create_store", {"number": OTHER_STORE, "name": "Other store"})
        other = build_shop(self.installation.engine, code=OTHER_ENTITY, store="S003")
        other.perform("org.create_warehouse", {"code": "W03", "name": "Second"})
        for number in ("C0001", "C0002"):
            other.add_customer(number)
        self.victim = Installation(self.installation.url, other, "W03")
        # Who countersigns in the documented example is right, so that what is countersigned is looked for.
        self.shop.perform("org.create_worker", {"number": "1001", "name": "Countersigner"})
        self.shop.perform("org.grant_role", {"worker": "1001", "role": "administrator"})
        self.shop.perform("org.set_credential", {"worker": "1001", "kind": "pin", "secret": "582047", "temporary": False})
        self.app = create_app(self.installation.engine, HostConfig(log="off", rate_limit="", refusal_limit=""))
        self.client = self.app.test_client()
        self.roles = sorted({role.role for role in self.installation.engine.registry.all(Role)})
        self.tokens: dict[str, str | None] = {role: self.key(role) for role in self.roles}
        self.tokens |= {"nobody": None, "unknown": "kassa_" + "A" * 43, "revoked": self.revoked(), "expired": self.key("administrator", expires_at=PAST)}
        self.sides = (self.side("own", self.installation, 70_000), self.side("victim", self.victim, 80_000))
        self.installation.engine.clock.sleep(2 * HOUR)

    def side(self, name: str, installation: Installation, number: int) -> Side:
        """Make the keys of a legal entity's administrator, and of a cashier in its store."""
        shop = installation.shop
        places: dict[str, dict[str, Any]] = {"administrator": {"legal_entities": [shop.legal_entity_id]}, "cashier": {"store": shop.store_id}}
        keys = [shop.perform("org.create_api_key", {"name": name, "roles": [role], **place}) for role, place in places.items()]
        self.tokens |= {name: keys[0]["token"], f"{name} asker": keys[1]["token"]}
        return Side(installation, number, *(key["id"] for key in keys))

    def key(self, role: str, **more: Any) -> str:
        """A key that holds a role in the own store alone."""
        return self.created(self.shop, role, **more)["token"]

    def created(self, shop: Shop, role: str, **more: Any) -> Any:
        """Create a key of one store."""
        command = {"name": role, "roles": [role], "legal_entities": ["NL01"], "stores": [OWN_STORE], "store": OWN_STORE, **more}
        return shop.perform("org.create_api_key", command)

    def revoked(self) -> str:
        """A key of the administrator that was revoked."""
        made = self.created(self.shop, "administrator")
        self.shop.perform("org.revoke_api_key", {"api_key": made["id"]})
        return str(made["token"])

    def ask(self, method: str, path: str, who: str, body: Any = None, query: Mapping[str, str] | None = None, **headers: str) -> Any:
        """Send a request; acts get a key and edits the version that they were made for."""
        given = {"Idempotency-Key": f"authz-{next(self._keys)}", "If-Match": '"1"', **headers}
        token = self.tokens[who]
        if token is not None:
            given["Authorization"] = f"Bearer {token}"
        if method == "GET":
            given.pop("If-Match")
        named = {name.replace("_", "-"): value for name, value in given.items()}
        return self.client.open(path, method=method, json=body, query_string=dict(query or {}), headers=named)

    def requests(self) -> dict[str, Asked]:
        """The documented request of each operation."""
        return documented(self, self.client.get("/openapi.json").get_json())

    def counts(self) -> Any:
        """How many rows there are, but for what is written down about refusals."""
        return counts(self.installation.engine)

    def contents(self) -> dict[str, Any]:
        """All rows of all tables, but for what is written down about refusals and for when a key was used last."""
        return contents(self.installation.engine)

    def changed(self, before: Mapping[str, Any]) -> str:
        """The tables whose rows are no longer what they were; empty where all are."""
        return ", ".join(sorted(name for name, rows in self.contents().items() if rows != before[name]))

    def close(self) -> None:
        """Give the database back."""
        remove(self._databases, self.installation)
