"""What one customer is about to buy."""

from till.catalogue import Item


class Cart:
    """Items and how many of each, in the order in which they were first added."""

    def __init__(self) -> None:
        self._quantities: dict[Item, int] = {}

    def add(self, item: Item, quantity: int = 1) -> None:
        if quantity < 1:
            raise ValueError(f"can't add {quantity} of {item.name}")
        self._quantities[item] = self._quantities.get(item, 0) + quantity

    def remove(self, item: Item, quantity: int = 1) -> None:
        left = self._quantities.get(item, 0) - quantity
        if left < 0:
            raise ValueError(f"there are not {quantity} of {item.name} in the cart")
        if left == 0:
            del self._quantities[item]
        else:
            self._quantities[item] = left

    def lines(self) -> list[tuple[Item, int]]:
        return list(self._quantities.items())

    def subtotal(self) -> int:
        """What everything costs before any discount."""
        return sum(item.price * quantity for item, quantity in self._quantities.items())
