"""Functionality profiles: create, read, list, change; settings are given at their level, stores share them."""

from __future__ import annotations

from typing import Any

import attrs

from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation
from kassa.kernel.database import Row as DatabaseRow
from kassa.kernel.errors import NotFound
from kassa.kernel.keys import id_or_none
from kassa.kernel.operations import Result, page_of
from kassa.kernel.plan import Row
from kassa.kernel.values import new_id
from kassa.org import facts
from kassa.org.editing import change, given, listed, taken
from kassa.org.messages import places as messages
from kassa.org.models import ProfileRow

SELECT = "SELECT p.id, p.legal_entity_id, p.code, p.name, (SELECT count(*) FROM org_store s WHERE s.profile_id = p.id), p.version FROM org_profile p"


def create_profile(command: messages.CreateProfile, context: Context) -> Result:
    """Plan a new profile, which no store has yet."""
    entity = facts.legal_entity(context)
    if context.read.row("SELECT 1 FROM org_profile WHERE legal_entity_id = ? AND code = ?", (entity.id, command.code)):
        raise taken("The profile", "/code", command.code)
    view = messages.ProfileView(id=new_id(), legal_entity_id=entity.id, code=command.code, name=command.name, stores=0, version=1)
    values = {"id": view.id, "legal_entity_id": entity.id, "code": view.code, "name": view.name, "version": 1}
    context.plan.add([Row(ProfileRow, values)], rule="org.create_profile")
    return Result(view=lambda numbers: view, document_id=view.id, version=1)


def find_profile(context: Context, reference: str) -> messages.ProfileView:
    """The profile of a code or id within the legal entity of the request; NotFound where there is none."""
    entity = facts.legal_entity(context)
    where = "WHERE p.legal_entity_id = ? AND (p.code = ? OR p.id = ?)"
    row = context.read.row(f"{SELECT} {where}", (entity.id, reference, id_or_none(reference)))
    if row is None:
        raise NotFound("profile", reference)
    return _view(row)


def _view(row: DatabaseRow) -> messages.ProfileView:
    profile_id, entity_id, code, name, stores, version = row
    return messages.ProfileView(id=profile_id, legal_entity_id=entity_id, code=code, name=name, stores=stores, version=version)


def read_profile(request: messages.ReadProfile, context: Context) -> messages.ProfileView:
    """Show one profile of the legal entity, and how many stores have it."""
    return find_profile(context, request.profile)


def list_profiles(request: messages.ListProfiles, context: Context) -> Any:
    """Show a page of the profiles of the legal entity, in the order in which they were created."""
    entity = facts.legal_entity(context)
    return listed(context, request, SELECT, [("p.legal_entity_id = ?", entity.id)], messages.ProfileView, _view, key="p.id")


def change_profile(command: messages.ChangeProfile, context: Context) -> Result:
    """Plan another name for a profile."""
    present = find_profile(context, command.profile)
    values = given(command, "name")
    version = change(context, ProfileRow, {"id": present.id}, present.version, f"The profile {present.code}", values, "org.change_profile")
    view = attrs.evolve(present, **values, version=version)
    return Result(view=lambda numbers: view, document_id=present.id, version=version)


OPERATIONS = (
    Operation(
        name="org.create_profile",
        announces="org.profile_created",
        summary="Create a functionality profile",
        description="Settings whose levels name `profile` can be given to it; they count for every store that has it (PATCH /stores/{store}).",
        effect="edit",
        http=Http(method="POST", path="/profiles", status=201, location="/profiles/{id}"),
        request=messages.CreateProfile,
        response=messages.ProfileView,
        permission="org.change",
        handler=create_profile,
        example={"code": "CITY", "name": "Shops in cities"},
    ),
    Operation(
        name="org.list_profiles",
        summary="List the functionality profiles of a legal entity",
        effect="read",
        http=Http(method="GET", path="/profiles"),
        request=messages.ListProfiles,
        response=page_of(messages.ProfileView),
        permission="org.read",
        handler=list_profiles,
        collection=True,
    ),
    Operation(
        name="org.read_profile",
        summary="Read a functionality profile",
        effect="read",
        http=Http(method="GET", path="/profiles/{profile}"),
        request=messages.ReadProfile,
        response=messages.ProfileView,
        permission="org.read",
        handler=read_profile,
    ),
    Operation(
        name="org.change_profile",
        announces="org.profile_changed",
        summary="Rename a functionality profile",
        effect="edit",
        http=Http(method="PATCH", path="/profiles/{profile}"),
        request=messages.ChangeProfile,
        response=messages.ProfileView,
        permission="org.change",
        handler=change_profile,
    ),
)
