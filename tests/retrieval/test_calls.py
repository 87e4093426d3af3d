"""What calls lead to, across files."""

from collections.abc import Mapping

from support.shelf import Shelf

from loopcutter_retrieval.calls import Calls
from loopcutter_retrieval.index import Index
from loopcutter_retrieval.resolver import Resolver

SHOP = {
    "shop/__init__.py": b"",
    "shop/base.py": b"class Base:\n    def save(self): ...\n\n    def load(self): ...\n",
    "shop/cart.py": b"""
from shop import base


class Cart(base.Base):
    def save(self):
        super().save()
        self.load()
        self.vanish()

    def copy(self) -> "Cart": ...
""",
    "shop/make.py": b"from shop.cart import Cart\n\n\ndef make() -> Cart: ...\n\n\ndef other(): ...\n",
    "shop/more.py": b"".join(b"class More%d:\n    def save(self): ...\n\n\n" % at for at in range(9)),
}


def followed(shelf: Shelf, index: Index, path: str, name: str, source: str = "") -> dict[str, dict[str, float]]:
    """For each call of a function, where it leads to, and how surely."""
    files = SHOP | ({path: source.encode()} if source else {})
    resolver = Resolver(shelf.library.corpus(shelf.tree(files)), index)
    calls, corpus = Calls(resolver), resolver.corpus
    file = corpus.by_path[path]
    (caller,) = [one for one in index.defined_in(corpus.files[file].content) if one.name == name]

    def names(found: Mapping[int, float]) -> dict[str, float]:
        definitions = index.definitions(map(corpus.place, found))
        return {one.name: sure for one, sure in zip(definitions, found.values(), strict=True)}

    return {called.rpartition(">")[2]: names(calls.of(file, name, called)) for called in caller.calls}


def test_inherited_methods_are_found_in_the_classes_above(shelf: Shelf, index: Index) -> None:
    found = followed(shelf, index, "shop/cart.py", "Cart.save")
    assert found == {"super.save": {"Base.save": 1.0}, "super": {}, "self.load": {"Base.load": 1.0}, "self.vanish": {}}


def test_object_of_a_known_class_tells_which_of_many_methods_is_called(shelf: Shelf, index: Index) -> None:
    source = """
from shop import cart
from shop.cart import Cart as C
from shop.make import make, other


def ring(given: C, unknown):
    new = cart.Cart()
    made = make()
    copied = C.copy(new)
    what = other()
    given.save(); new.load(); made.save(); copied.save(); what.save(); unknown.save(); C.load(new)
"""
    found = followed(shelf, index, "till.py", "ring", source)
    assert found == {
        "cart.Cart": {"Cart": 1.0},
        "make": {"make": 1.0},
        "C.copy": {"Cart.copy": 1.0},
        "other": {"other": 1.0},
        "given.save": {"Cart.save": 0.9},
        "new.load": {"Base.load": 0.9},
        "made.save": {"Cart.save": 0.9},
        "copied.save": {"Cart.save": 0.9},
        "what.save": {},
        "unknown.save": {},
        "C.load": {"Base.load": 1.0},
    }


def test_objects_and_modules_of_other_packages_lead_nowhere(shelf: Shelf, index: Index) -> None:
    source = "import os\nimport sqlite3\n\n\ndef ring(path: str):\n    base = sqlite3.connect(path)\n"
    source += "    base.load()\n    os.path.load()\n    path.load()\n"
    found = followed(shelf, index, "till.py", "ring", source)
    assert found == {"sqlite3.connect": {}, "base.load": {}, "os.path.load": {}, "path.load": {}}


def test_variable_named_after_a_class_probably_holds_such_an_object(shelf: Shelf, index: Index) -> None:
    source = "def ring(cart, till_base):\n    cart.save()\n    till_base.save()\n    self.cart.save()\n"
    found = followed(shelf, index, "till.py", "ring", source)
    assert found == {
        "cart.save": {"Cart.save": 0.7},
        "till_base.save": {"Base.save": 0.7},
        "self.cart.save": {"Cart.save": 0.7},
    }


def test_classes_that_inherit_from_each_other_end(shelf: Shelf, index: Index) -> None:
    source = "class A(B):\n    def go(self):\n        self.load()\n\n\nclass B(A):\n    pass\n"
    assert followed(shelf, index, "till.py", "A.go", source) == {"self.load": {"Base.load": 0.6}}
