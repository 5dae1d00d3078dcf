"""The operations on evidence: the story of a document, and an anchor of the chains."""

from __future__ import annotations

from kassa.kernel.contributions import Http, Operation, Permission
from kassa.kernel.evidence.anchors import AnchorView, ReadAnchor, read_anchor
from kassa.kernel.evidence.story import ReadStory, StoryView, read_story

READ = "evidence.read"
PERMISSIONS = (Permission(name=READ, summary="Read the whole story of documents with its proofs, and anchors of the chains"),)
OPERATIONS = (
    Operation(
        name="evidence.story",
        summary="Read the whole story of a document, with its proofs",
        description="Documents that belong together, with all their rows, postings and stock movements, approvals, audit trail and events, and "
        "the links of the hash chains. `kassa evidence --check` verifies it without a database.",
        effect="read",
        http=Http(method="GET", path="/evidence/documents/{document}"),
        request=ReadStory,
        response=StoryView,
        permission=READ,
        handler=read_story,
        rules=("SEC-09",),
    ),
    Operation(
        name="evidence.anchor",
        summary="Read the newest link of each hash chain, to be kept elsewhere",
        description="`kassa verify --anchor` tells whether the chains still hold these links, so that one that was cut or made anew is found.",
        effect="read",
        http=Http(method="GET", path="/evidence/anchor"),
        request=ReadAnchor,
        response=AnchorView,
        permission=READ,
        handler=read_anchor,
        scope="none",
        rules=("SEC-09",),
        example={},
    ),
)
