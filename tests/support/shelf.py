"""Trees for retrieval, made with real git straight into the store that a server would receive them in."""

import hashlib
import zlib
from collections.abc import Mapping
from pathlib import Path

from loopcutter_retrieval.library import Library
from loopcutter_retrieval.opening import objects, open_library
from loopcutter_snapshots import ObjectStore, git

SHOP = {
    "shop/__init__.py": b"",
    "shop/cart.py": b'''"""The cart."""

from shop import prices
from shop.money import rounded


class Cart:
    """What somebody wants to buy."""

    def __init__(self, items):
        self.items = items

    @property
    def empty(self):
        return not self.items

    def total(self):
        """Sum of all items, discount taken off."""
        return rounded(self.subtotal() - prices.discount(self.items))

    def subtotal(self):
        return sum(item.price for item in self.items)
''',
    "shop/prices.py": b'''"""What things cost."""


def discount(items):
    if len(items) > 1000:
        raise ValueError("cannot discount more than %d items at once" % 1000)
    return 10 if len(items) > 3 else 0


def load_price_list(path):
    """Read a price list from disk."""
    with open(path) as file:
        return dict(line.split("=") for line in file)
''',
    "shop/money.py": b"""def rounded(amount):
    # half a cent goes up
    return round(amount, 2)


class Currency:
    def convert(self, amount):
        return amount * self.rate
""",
    "tests/test_cart.py": b"""from shop.cart import Cart


def test_total_takes_discount_off():
    assert Cart([]).total() == 0
""",
    "README.md": b"# Shop\n\nA shop whose carts know their discount.\n",
}
"""A small project."""


class Shelf:
    """A folder as a server has it, and trees in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = ObjectStore(objects(folder))
        self.library: Library = open_library(folder)

    def tree(self, files: Mapping[str, bytes], links: Mapping[str, str] | None = None) -> str:
        """A tree of these files (path → content) and symbolic links (path → target)."""
        index = self.folder / "index-of-the-tree"
        index.unlink(missing_ok=True)
        contents = [("100644", path, content) for path, content in files.items()]
        contents += [("120000", path, target.encode()) for path, target in (links or {}).items()]
        lines = []
        for mode, path, content in contents:
            lines.append(f"{mode} {self._blob(content)}\t{path}\0".encode("utf-8", "surrogateescape"))
        git("update-index", "-z", "--index-info", git_dir=self.store.path, index=index, stdin=b"".join(lines))
        return git("write-tree", git_dir=self.store.path, index=index).decode().strip()

    def _blob(self, content: bytes) -> str:
        """Written as git would, without a process for each."""
        whole = b"blob %d\0" % len(content) + content
        name = hashlib.sha1(whole).hexdigest()
        path = self.store.path / "objects" / name[:2] / name[2:]
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(zlib.compress(whole))
        return name
