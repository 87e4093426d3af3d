"""What is read out of JavaScript and TypeScript, and how it is found."""

import time

import pytest
from support.shelf import SHOP, Shelf

from loopcutter_retrieval.javascript import JavaScript
from loopcutter_retrieval.language import Import, Outline, Symbol
from loopcutter_retrieval.library import Library
from loopcutter_retrieval.opening import objects
from loopcutter_retrieval.place import Skipped
from loopcutter_retrieval.readers import languages
from loopcutter_retrieval.vectors import NoVectors
from loopcutter_snapshots import ObjectStore

pytest.importorskip("tree_sitter_javascript")
pytest.importorskip("tree_sitter_typescript")

SOURCE = b"""import Money, {rounded as r, half} from './money';
import * as prices from "../lib/prices.js";
import lodash from 'lodash';
const {load, rate: tax} = require('./tables'), log = require('./log');

/** What somebody buys. */
export default class Cart extends shop.Base {
  limit = 3;
  add = (item) => this.check(item);

  /** Sum of all items. */
  total(items) {
    // taken off last
    const inner = () => helper();
    return this.sum(items) - prices.discount() + new Money() + super.total() + a().b();
  }
}

const sum = async (items) => items.reduce((a, b) => a + b);
exports.fail = function () { throw new Error(`cannot do ${x} at all`); };
function* each() { yield 1; }
"""
TYPED = b"""export interface Priced extends Named { price: number }
enum Size { Small, Large }
abstract class Shelf<T> implements Priced {
  private count: number = 3;
  abstract weigh(item: T): number;
  hold(item: T): void { weigh(item as any); }
}
export const find = <T,>(items: T[]): T | undefined => items.find(Boolean);
"""
WEB = {
    "web/cart.js": b"""import {discount} from './prices';

/** The cart. */
export class Cart {
  total() { return this.subtotal() - discount(this.items); }
  subtotal() { return 0; }
}
""",
    "web/prices/index.ts": b"export function discount(items: number[]): number { return items.length > 3 ? 10 : 0; }\n",
    "web/cart.test.js": b"import {Cart} from './cart';\nfunction testTotal() { return new Cart().total(); }\n",
}


def read(source: bytes, dialect: str = "javascript") -> Outline:
    return next(one for one in languages().values() if one.name == dialect).outline(source)


def symbol(outline: Outline, name: str) -> Symbol:
    return next(symbol for symbol in outline.symbols if symbol.name == name)


def test_definitions_have_dotted_names_kinds_and_lines_documentation_included() -> None:
    assert [(one.name, one.kind, one.first, one.last) for one in read(SOURCE).symbols] == [
        ("", "module", 1, 21),
        ("Cart", "class", 6, 17),
        ("Cart.add", "method", 9, 9),
        ("Cart.total", "method", 11, 16),
        ("Cart.total.inner", "function", 14, 14),
        ("sum", "function", 19, 19),
        ("fail", "function", 20, 20),
        ("each", "function", 21, 21),
    ]


def test_calls_bases_prose_and_messages_belong_to_their_symbol() -> None:
    outline = read(SOURCE)
    total = symbol(outline, "Cart.total")
    assert set(total.calls) == {"self.sum", "prices.discount", "Money", "super.total", "helper", ".b", "a"}
    assert "Sum of all items" in total.prose
    assert "taken off last" in total.prose
    assert "taken off last" not in total.code
    assert symbol(outline, "Cart.add").calls == ("self.check",)
    assert symbol(outline, "Cart").bases == ("Base",)
    assert symbol(outline, "fail").messages == ("cannot do ${x} at all",)


def test_imports_are_dotted_as_in_python() -> None:
    assert set(read(SOURCE).imports) == {
        Import("Money", ".money.Money"),
        Import("r", ".money.rounded"),
        Import("half", ".money.half"),
        Import("prices", "..lib.prices"),
        Import("lodash", "lodash.lodash"),
        Import("load", ".tables.load"),
        Import("tax", ".tables.rate"),
        Import("log", ".log"),
    }


def test_typescript_has_its_own_kinds() -> None:
    outline = read(TYPED, "javascript/ts")
    assert outline.problem == ""
    assert [(one.name, one.kind) for one in outline.symbols] == [
        ("", "module"),
        ("Priced", "class"),
        ("Size", "class"),
        ("Shelf", "class"),
        ("Shelf.weigh", "method"),
        ("Shelf.hold", "method"),
        ("find", "function"),
    ]
    assert symbol(outline, "Priced").bases == ("Named",)
    assert symbol(outline, "Shelf").bases == ("Priced",)


def test_markup_is_read_too() -> None:
    outline = read(b"export const Till = (): JSX.Element => <div>{ring()}</div>;\n", "javascript/tsx")
    assert (outline.problem, symbol(outline, "Till").calls) == ("", ("ring",))


@pytest.mark.parametrize(
    "source",
    [
        b"",
        b"\xff\xfe\x00",
        b"class {",
        b"function (",
        b"require(",
        b"const {a, = require('./b'",
        b"((((" * 5000,
        b"import",
    ],
)
def test_broken_files_give_what_they_have(source: bytes) -> None:
    began = time.thread_time()
    outline = read(source)
    assert outline.symbols[0].kind == "module"
    assert time.thread_time() - began < 10


def test_search_and_graph_work_as_for_python(shelf: Shelf) -> None:
    tree = shelf.tree(SHOP | WEB)
    best = shelf.library.search(tree, "web/cart.js: the subtotal is off")[0]
    assert (best.path, best.symbol) == ("web/cart.js", "Cart.subtotal")
    found = shelf.library.neighbours(tree, "web/cart.js::Cart.total")
    assert {(place.path, place.symbol, place.why) for place in found.callees} == {
        ("web/cart.js", "Cart.subtotal", "called"),
        ("web/prices/index.ts", "discount", "called"),
    }
    assert [place.path for place in found.tests] == ["web/cart.test.js"]


def test_languages_are_kept_apart(shelf: Shelf) -> None:
    found = shelf.library.neighbours(shelf.tree(SHOP | WEB), "shop/cart.py::Cart.total")
    assert {place.path for place in (*found.callees, *found.callers, *found.tests)} == {
        "shop/cart.py",
        "shop/money.py",
        "shop/prices.py",
        "tests/test_cart.py",
    }


def test_absent_package_means_skipped_files_and_the_reason(shelf: Shelf) -> None:
    absent = JavaScript("javascript", "tree_sitter_that_is_absent", "language")
    readers = dict(languages()) | {".js": absent}
    library = Library(ObjectStore(objects(shelf.folder)), shelf.folder / "index.sqlite", readers, NoVectors())
    done = library.index(shelf.tree(WEB))
    library.close()
    why = "tree-sitter-that-is-absent is missing: pip install 'loopcutter[javascript]'"
    assert done.skipped == (Skipped("*.js (2)", why),)
    assert done.files == 1
    assert absent.outline(b"x()").problem == why
