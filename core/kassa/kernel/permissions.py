"""Permissions: who is asking, and what that one may do where."""

from __future__ import annotations

from typing import Literal

import attrs

from kassa.kernel.errors import EverywhereOnly, NotFound, NotPermitted


@attrs.frozen(kw_only=True)
class Actor:
    """Who performs an operation: a worker, an app, or the system itself.

    `permissions` is the union of the actor's `roles`, by which limits are given; `legal_entities` and `stores` limit where it may act (None: anywhere).
    `store_id` and `register` are where it stands now; documents that it makes belong there. `key_id` is the API key by which it
    came, `session_id` the session of a worker who signed in through that key.
    """

    id: str
    name: str
    kind: Literal["worker", "app", "system"] = "worker"
    permissions: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    legal_entities: frozenset[str] | None = None
    stores: frozenset[str] | None = None
    store_id: str | None = None
    register: str | None = None
    all_permissions: bool = False
    key_id: str | None = None
    session_id: str | None = None

    @property
    def everywhere(self) -> bool:
        """Whether neither legal entities nor stores limit where it may act."""
        return self.legal_entities is None and self.stores is None

    def may(self, permission: str | None) -> bool:
        """Tell whether a permission is held; None means that everybody may."""
        return permission is None or self.all_permissions or permission in self.permissions

    def require(self, permission: str | None) -> None:
        """Raise NotPermitted, naming the permission, where it is not held."""
        if not self.may(permission):
            raise NotPermitted(str(permission))

    def require_everywhere(self, what: str) -> None:
        """Raise EverywhereOnly where legal entities or stores limit where the actor may act; `what` begins its message: `Schedules work`."""
        if not self.everywhere:
            raise EverywhereOnly(f"{what} in all legal entities. Let somebody do it whose key is bound to no legal entity and to no store.")

    def require_legal_entity(self, legal_entity_id: str | None, reference: str = "", what: str = "legal entity") -> None:
        """Raise NotFound where a legal entity is outside the actor's scope.

        `reference` is by what the caller named it, or `what` lies in it: then the answer is word for word that for what is absent.
        """
        if legal_entity_id is not None and self.legal_entities is not None and legal_entity_id not in self.legal_entities:
            raise NotFound(what, reference)

    def require_store(self, store_id: str | None, reference: str = "") -> None:
        """Raise NotFound where a store, by whatever `reference` the caller named it, is outside the actor's scope."""
        if store_id is not None and self.stores is not None and store_id not in self.stores:
            raise NotFound("store", reference)


SYSTEM = Actor(id="system", name="Kassa", kind="system", all_permissions=True)
