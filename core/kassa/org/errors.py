"""Error codes of the organisation."""

from __future__ import annotations

from kassa.kernel.errors import ErrorCode

CODES = (
    ErrorCode(
        code="ORG_LEGAL_ENTITY_NEEDED",
        title="The legal entity is not clear",
        meaning="The caller may act in several legal entities and the request names none of them.",
        action="Send the header Kassa-Legal-Entity with one of those listed.",
    ),
    ErrorCode(
        code="ORG_STORE_NEEDED",
        title="The store is not clear",
        meaning="The act happens in a store, and neither the request nor the caller's key says in which.",
        action="Give the number of the store, or use a key that stands in a store.",
    ),
    ErrorCode(
        code="ORG_TIME_ZONE_UNKNOWN",
        title="The time zone is not known",
        meaning="Dates are those of a time zone of the IANA list; the one given is not in it.",
        action='Give a name such as "Europe/Amsterdam" or "UTC".',
    ),
    ErrorCode(
        code="ORG_WAREHOUSE_UNFIT",
        title="The warehouse does not fit",
        meaning="Goods in quarantine are not for sale, so a store cannot sell from such a warehouse.",
        action="Name another warehouse of the same legal entity.",
    ),
    ErrorCode(
        code="ORG_ROLE_UNKNOWN",
        title="There is no such role",
        meaning="Roles are contributed by the rooms and the enabled plugins; none of them has the one named.",
        action="Use one of those of GET /roles.",
    ),
    ErrorCode(
        code="ORG_BEYOND_OWN_RIGHTS",
        title="Nobody can give more than they have",
        meaning="A role or a key would hold permissions, legal entities or stores that its giver does not hold.",
        action="Leave them out, or let somebody do it who holds them.",
    ),
    ErrorCode(
        code="ORG_ROLE_HELD",
        title="The worker already holds this role there",
        meaning="A role is granted once for each place.",
        action="Nothing needs to be done; to end it, revoke the grant.",
        status=409,
    ),
    ErrorCode(
        code="ORG_KEY_UNFIT",
        title="The parts of the key do not fit together",
        meaning="A key has a role or a worker, stands in one of its own stores, and does not expire before it begins.",
        action="Correct the field that the issue points at.",
    ),
    ErrorCode(
        code="ORG_STORE_AMBIGUOUS",
        title="Several legal entities have a store of this number",
        meaning="Numbers of stores are unique within a legal entity only.",
        action="Name the legal entity, or give the id of the store.",
    ),
    ErrorCode(
        code="ORG_STORE_CLOSED",
        title="The store is closed",
        meaning="The store is closed, or the date is before it opened or after it closed; no document can be made in it on that date.",
        action="Name another store, or change its status or days.",
    ),
    ErrorCode(
        code="ORG_DATES_CROSS",
        title="The last day is before the first",
        meaning="What is dated counts from its first to its last day, both included.",
        action="Correct one of the two days.",
    ),
    ErrorCode(
        code="ORG_PURPOSE_UNKNOWN",
        title="There is no such purpose",
        meaning="Purposes are contributed by the rooms and the enabled plugins; none of them has the one named.",
        action="Use one of GET /hierarchy-purposes, or of GET /reason-purposes.",
    ),
    ErrorCode(
        code="ORG_HIERARCHY_PURPOSE",
        title="The hierarchy has another purpose",
        meaning="Only hierarchies of one purpose can be used here, and the one named has another.",
        action="Name a hierarchy of the purpose that the issue tells.",
    ),
    ErrorCode(
        code="ORG_NODE_UNFIT",
        title="The node does not fit there",
        meaning="An organisation stands in a hierarchy once at a time, within its legal entity, and its places follow each other.",
        action="Do what the issue says: another day, another node, or a hierarchy of all legal entities.",
    ),
    ErrorCode(
        code="ORG_NODE_CIRCLE",
        title="A node cannot stand below itself",
        meaning="On some of the days the node above would be the node itself or one below it.",
        action="Name another node above.",
    ),
    ErrorCode(
        code="ORG_MEMBER_UNFIT",
        title="An entry of the list does not fit",
        meaning="A member of a fulfilment group is a store or a warehouse; no entry stands in a list twice.",
        action="Correct the entry that the issue points at.",
    ),
    ErrorCode(
        code="ORG_PICK_UP_NEEDS_STORE",
        title="Goods are picked up in stores only",
        meaning="A warehouse of no store can ship goods, but customers cannot pick them up there.",
        action="Let the warehouse ship only, or name a store.",
    ),
    ErrorCode(
        code="ORG_POINT_UNKNOWN",
        title="It is not known near what",
        meaning="Distances are counted from a point, and the request gives none, or two.",
        action="Give latitude and longitude, or a store whose coordinates are known.",
    ),
    ErrorCode(
        code="ORG_REASON_UNKNOWN",
        title="There is no such reason",
        meaning="The legal entity has no active reason code of this name for this purpose.",
        action="Name one of GET /reason-codes, or create it.",
    ),
    ErrorCode(
        code="SIGN_IN_REFUSED",
        title="Worker and credential do not fit",
        meaning="The worker's number and the PIN, password or token do not belong together, or that worker may not sign in.",
        action="Try again; after some wrong tries none is looked at for a while.",
        status=403,
    ),
    ErrorCode(
        code="SIGN_IN_LOCKED",
        title="Too many wrong tries",
        meaning="There were too many wrong tries of this worker, at this till or app, or in all.",
        action="Wait as the header Retry-After says, or let somebody unlock the worker or the till.",
        status=429,
    ),
    ErrorCode(
        code="SIGN_IN_REPLACE",
        title="The PIN or password has to be replaced",
        meaning="Somebody else made it, so somebody else knows it.",
        action="Sign in with it and send your own as replacement.",
    ),
    ErrorCode(
        code="SIGN_IN_UNFIT",
        title="This PIN or password may not be chosen",
        meaning="It is too short, easy to guess, or the same as before.",
        action="Choose another; the message says what is wanted.",
    ),
    ErrorCode(
        code="SIGN_IN_NO_KEY",
        title="Workers sign in through a till or an app",
        meaning="The caller came without the key of a till or an app, with which a session goes.",
        action="Send the key of the till or the app as token.",
    ),
    ErrorCode(
        code="SIGN_IN_NO_ROLE",
        title="The worker holds no role here",
        meaning="Neither a grant for this place nor the external issuer gives the worker a role.",
        action="Grant a role in this store, or sign in where the worker has one.",
    ),
    ErrorCode(
        code="SESSION_ENDED",
        title="The session has ended",
        meaning="The worker signed out, the token was not renewed in time, or the longest time of a session is over.",
        action="Let the worker sign in again.",
        status=409,
    ),
)
