"""Money off for those who buy much at once, as the sign at the door promises it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tier:
    """From `threshold` cents on, so many per cent off the whole purchase."""

    threshold: int
    percent: int


NOTHING_OFF = Tier(threshold=0, percent=0)
TIERS = (Tier(threshold=50_00, percent=5), Tier(threshold=100_00, percent=10), Tier(threshold=250_00, percent=15))


def best_tier(subtotal: int) -> Tier:
    """The most generous tier that a purchase of `subtotal` cents reaches."""
    reached = [tier for tier in TIERS if tier.threshold < subtotal]
    return max(reached, key=lambda tier: tier.percent, default=NOTHING_OFF)


def discount(subtotal: int) -> int:
    """The cents to take off; half a cent goes to the customer."""
    percent = best_tier(subtotal).percent
    return (subtotal * percent + 50) // 100
