"""What the shop sells, and for how much."""

from dataclasses import dataclass

from till import money


@dataclass(frozen=True)
class Item:
    """One kind of thing on the shelf."""

    code: str
    name: str
    price: int


class Catalogue:
    """The price list, looked up by code."""

    def __init__(self, items: list[Item]) -> None:
        self._items = {item.code: item for item in items}

    @classmethod
    def read(cls, text: str) -> "Catalogue":
        """A price list from lines of the form `code; name; price`."""
        items = []
        for line in text.splitlines():
            if line.strip() and not line.startswith("#"):
                code, name, price = (part.strip() for part in line.split(";"))
                items.append(Item(code, name, money.parse(price)))
        return cls(items)

    def find(self, code: str) -> Item:
        try:
            return self._items[code]
        except KeyError:
            raise LookupError(f"no item has the code {code!r}") from None
