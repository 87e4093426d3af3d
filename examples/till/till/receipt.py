"""The slip of paper that the customer takes home."""

from till import money
from till.cart import Cart
from till.discount import best_tier, discount

WIDTH = 32


def receipt(cart: Cart, cashier: str) -> str:
    """All lines, each exactly as wide as the paper."""
    subtotal = cart.subtotal()
    off = discount(subtotal)
    rows = [_row(_label(item.name, quantity), item.price * quantity) for item, quantity in cart.lines()]
    rows.append("-" * WIDTH)
    if off:
        tier = best_tier(subtotal)
        rows.append(_row("Subtotal", subtotal))
        rows.append(_row(f"{tier.percent} % off from {money.show(tier.threshold)}", -off))
    rows.append(_row("Total", subtotal - off))
    rows.append(f"You were served by {cashier}"[:WIDTH].center(WIDTH))
    return "\n".join(rows)


def _label(name: str, quantity: int) -> str:
    return name if quantity == 1 else f"{quantity} x {name}"


def _row(label: str, cents: int) -> str:
    amount = money.show(cents)
    room = WIDTH - len(amount) - 1
    return f"{label[:room]:<{room}} {amount}"
