"""What a query names outright is found in the tree."""

import pytest

from loopcutter_retrieval.mentions import Query
from loopcutter_retrieval.named import Named
from loopcutter_retrieval.resolver import Resolver


def spelt(resolver: Resolver, symbols: object) -> list[str]:
    places = [resolver.corpus.place(symbol) for symbol in symbols]  # type: ignore[attr-defined]
    return [one.name for one in resolver.index.definitions(places)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Cart.total is off", ["Cart.total"]),
        ("see shop.cart.Cart.total.real", ["Cart.total"]),
        ("shop.prices.discount fails", ["discount"]),
        ("total is off", []),
        ("os.path.join is off", []),
    ],
)
def test_dotted_names_mean_what_shares_their_last_two_parts(resolver: Resolver, text: str, names: list[str]) -> None:
    assert spelt(resolver, Named(resolver, Query.of(text)).dotted) == names


def test_paths_and_modules_are_found(resolver: Resolver) -> None:
    paths = Named(resolver, Query.of("look at cart.py and at shop.prices")).paths
    assert {resolver.corpus.files[file].path: worth for file, worth in paths.items()} == {
        "shop/cart.py": 1.0,
        "shop/prices.py": 0.7,
    }


def test_frame_whose_line_has_moved_is_found_by_its_function(resolver: Resolver) -> None:
    text = 'File "shop/prices.py", line 900, in load_price_list\nFile "shop/money.py", line 8, in <lambda>'
    frames = Named(resolver, Query.of(text)).frames
    assert spelt(resolver, (symbol for _, symbol in frames)) == ["Currency.convert", "load_price_list"]


def test_frames_outside_the_tree_are_passed_over(resolver: Resolver) -> None:
    assert Named(resolver, Query.of('File "/usr/lib/python3/json/decoder.py", line 3, in decode')).frames == []


def test_tests_are_known_by_their_ids_and_lead_to_what_they_call(resolver: Resolver) -> None:
    named = Named(resolver, Query.of("FAILED tests/test_cart.py::test_total_takes_discount_off - assert"))
    assert spelt(resolver, named.tests) == ["test_total_takes_discount_off"]
    assert set(spelt(resolver, named.tested)) >= {"Cart"}
