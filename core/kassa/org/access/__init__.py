"""Access: from a bearer token to the actor that it stands for, and what roles allow.

`keys.py` API keys · `sessions.py` workers who signed in · `tokens.py` their signed tokens · `powers.py` roles and places ·
`authenticating.py` what hosts ask.
"""

from kassa.org.access.authenticating import authenticate, entities_of_stores, find_legal_entity, still_acts
from kassa.org.access.keys import TOKEN_PREFIX, new_token, token_hash
from kassa.org.access.powers import Powers, Scope, grant_scope, grants_of, powers_of, roles_held, roles_of, scope_of
from kassa.org.access.sessions import Session, actor_of_worker

__all__ = [
    "TOKEN_PREFIX",
    "Powers",
    "Scope",
    "Session",
    "actor_of_worker",
    "authenticate",
    "entities_of_stores",
    "find_legal_entity",
    "grant_scope",
    "grants_of",
    "new_token",
    "powers_of",
    "roles_held",
    "roles_of",
    "scope_of",
    "still_acts",
    "token_hash",
]
