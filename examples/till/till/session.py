"""Who stands at the till: cashiers sign in, are forgotten when idle, and sign out."""

import hashlib
import hmac
from dataclasses import dataclass

from till.cart import Cart
from till.receipt import receipt

IDLE_SECONDS = 300


class NotSignedIn(Exception):
    """The till needs a cashier before it sells anything."""


@dataclass
class Session:
    cashier: str
    last_seen: float


class Till:
    """One till. Times are given by the caller, in seconds."""

    def __init__(self, pins: dict[str, str]) -> None:
        self._digests = {cashier: _digest(cashier, pin) for cashier, pin in pins.items()}
        self._session: Session | None = None

    def sign_in(self, cashier: str, pin: str, now: float) -> None:
        expected = self._digests.get(cashier, b"")
        if not hmac.compare_digest(expected, _digest(cashier, pin)):
            raise NotSignedIn(f"wrong name or PIN for {cashier}")
        self._session = Session(cashier, last_seen=now)

    def sign_out(self) -> None:
        self._session = None

    def cashier(self, now: float) -> str:
        """Who is signed in; being asked counts as a sign of life."""
        if self._session is None:
            raise NotSignedIn("nobody is signed in")
        if now - self._session.last_seen > IDLE_SECONDS:
            self._session = None
            raise NotSignedIn("signed out after a long pause")
        self._session.last_seen = now
        return self._session.cashier

    def check_out(self, cart: Cart, now: float) -> str:
        """Sells what is in the cart and returns the receipt."""
        return receipt(cart, self.cashier(now))


def _digest(cashier: str, pin: str) -> bytes:
    return hashlib.pbkdf2_hmac("sha256", pin.encode(), cashier.encode(), 1_000)
