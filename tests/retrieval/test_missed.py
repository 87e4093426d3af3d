"""The limits that docs/retrieval.md admits to. Who lifts one of them changes the page."""

from support.shelf import Shelf

FILES = {
    "shop/__init__.py": b"",
    "shop/orders.py": b'''from importlib import import_module


class Orders:
    def handle(self, action):
        return getattr(self, f"do_{action}")()

    def do_refund(self):
        """Pay back."""
        return -1


def exporter(kind):
    return import_module(f"shop.export_{kind}").write


def send(order):
    return fetch("/api/parcels", order)
''',
    "shop/export_csv.py": b"def write(order):\n    return order\n",
    "shop/plugins.py": b"HOOKS = {}\n\n\ndef run(name):\n    return HOOKS[name]()\n",
    "shop/gift.py": b"from shop.plugins import HOOKS\n\n\ndef wrap():\n    return 1\n\n\nHOOKS['wrap'] = wrap\n",
    "web/parcels.js": b"export function post(order) { return order; }\nrouter.post('/api/parcels', post);\n",
}


def callers(shelf: Shelf, name: str) -> list[str]:
    return [place.symbol for place in shelf.library.neighbours(shelf.tree(FILES), name).callers]


def test_getattr_hides_the_caller_but_words_still_find_the_method(shelf: Shelf) -> None:
    assert callers(shelf, "Orders.do_refund") == []
    assert shelf.library.search(shelf.tree(FILES), "refund pays nothing back")[0].symbol == "Orders.do_refund"


def test_dynamic_import_hides_what_is_called(shelf: Shelf) -> None:
    assert callers(shelf, "shop/export_csv.py::write") == []


def test_function_in_a_table_has_no_caller(shelf: Shelf) -> None:
    assert callers(shelf, "wrap") == []


def test_no_edge_leads_from_one_language_to_another(shelf: Shelf) -> None:
    assert callers(shelf, "web/parcels.js::post") == []


def test_synonyms_are_not_known_without_vectors(shelf: Shelf) -> None:
    assert shelf.library.search(shelf.tree(FILES), "reimbursement") == []
