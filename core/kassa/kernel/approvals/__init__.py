"""Approvals: what is beyond one worker's power may be allowed by another, once, for what was asked and no more.

An act with approvable issues is refused with all of them and asks for one approval, which is kept although nothing else is. Who
holds each permission with a sufficient limit approves or declines it. The requester repeats the same request with the approval's
token; its plan is made again, and the flush that it allows consumes it.
"""

from kassa.kernel.approvals.asking import demand, request_writes
from kassa.kernel.approvals.documents import Approval, Needed, covers
from kassa.kernel.approvals.models import APPROVAL_TABLES

__all__ = ["APPROVAL_TABLES", "Approval", "Needed", "covers", "demand", "request_writes"]
