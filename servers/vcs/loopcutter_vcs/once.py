"""Answers that are given twice: a request with the same idempotency key is carried out once."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import TypeAdapter

from loopcutter_vcs.errors import KeyReused
from loopcutter_vcs.ledger import Ledger, Report, named

_A = TypeVar("_A")


@dataclass(frozen=True)
class Once(Generic[_A]):
    """One request: what is asked for, and under which key. Without a key it is always carried out."""

    ledger: Ledger
    scope: str
    """Keys are known in a workspace, or among those who open the same repository."""
    key: str
    request: str
    answer: TypeAdapter[_A]

    @property
    def name(self) -> str:
        """The request by scope and key, as `Ledger.is_answered` knows it; empty without a key."""
        return named(self.scope, self.key) if self.key else ""

    def known(self) -> _A | None:
        """The answer this request got before."""
        report = self.ledger.report(self.scope, self.key) if self.key else None
        if report is None:
            return None
        if report.request != self._fingerprint:
            raise KeyReused(self.key)
        return self.answer.validate_json(report.report)

    def report(self, answer: _A) -> Report | None:
        """What has to be remembered of `answer`."""
        if not self.key:
            return None
        return Report(self.scope, self.key, self._fingerprint, self.answer.dump_json(answer).decode())

    def keep(self, answer: _A) -> None:
        """Remember `answer`."""
        report = self.report(answer)
        if report is not None:
            self.ledger.keep(report)

    def carried_out(self, carry_out: Callable[[], _A]) -> _A:
        """The answer: the known one, or a new one that is remembered.

        Killed before it is remembered, a request is carried out again when it comes again: only for what may be.
        """
        known = self.known()
        if known is not None:
            return known
        answer = carry_out()
        self.keep(answer)
        return answer

    @property
    def _fingerprint(self) -> str:
        return hashlib.sha256(self.request.encode("utf-8", "surrogatepass")).hexdigest()
