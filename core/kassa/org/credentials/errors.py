"""What is answered where somebody could not prove who they are: the same for an unknown worker as for a wrong PIN."""

from __future__ import annotations

from typing import Any

from kassa.kernel.errors import KassaError


class SignInRefused(KassaError):
    """Worker and PIN or password do not belong together, or the worker may not sign in. Try again, or let somebody set a new one."""

    status = 403
    code = "SIGN_IN_REFUSED"
    title = "Worker and credential do not fit"

    def __init__(self, detail: str = "", *, worker_id: str | None = None) -> None:
        """Say it in words; the worker, where there is one, is told to the audit trail alone."""
        self.worker_id = worker_id
        super().__init__(detail or "The worker's number and the credential do not belong together. Try again.")

    @property
    def audited(self) -> Any:
        """Whose credential was tried."""
        return [{"worker": self.worker_id}]


class SignInLocked(SignInRefused):
    """There were too many wrong tries, of this worker, at this till, or in all. Wait as Retry-After says, or let somebody unlock it."""

    status = 429
    code = "SIGN_IN_LOCKED"
    title = "Too many wrong tries"

    def __init__(self, seconds: int, *, worker_id: str | None = None) -> None:
        """Say when the next try will be looked at."""
        super().__init__(
            f"There were too many wrong tries. Try again in {seconds} seconds, or let somebody unlock it.", worker_id=worker_id
        )
        self.retry_after = seconds
