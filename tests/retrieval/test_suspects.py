"""What the symbols of a file say of the file."""

from support.shelf import SHOP, Shelf

from loopcutter_retrieval.mentions import Query


def said_of_files(shelf: Shelf, files: dict[str, bytes], query: str) -> dict[str, float]:
    ranking = shelf.library.ranking(shelf.tree(files), Query.of(query))
    paths = (file.path for file in ranking.corpus.files)
    return dict(zip(paths, ranking.suspects.per_file.round(2).tolist(), strict=True))


def test_file_with_the_likeliest_function_gets_most_and_one_without_nothing(shelf: Shelf) -> None:
    files = SHOP | {"shop/zebra.py": b"def stripes():\n    return 7\n"}
    found = said_of_files(shelf, files, "price list is not read from disk: load_price_list")
    assert max(found, key=lambda path: found[path]) == "shop/prices.py"
    assert found["shop/prices.py"] == 1.0
    assert 0.0 < found["shop/money.py"] < 0.5
    assert found["shop/zebra.py"] == 0.0


def test_many_likely_functions_say_more_of_a_file_than_one(shelf: Shelf) -> None:
    def refund(at: int) -> str:
        return f"def refund{at}(receipt):\n    return receipt.money - {at}\n\n\n"

    files = {"one.py": refund(0).encode(), "three.py": "".join(map(refund, range(1, 4))).encode()}
    found = said_of_files(shelf, files, "refund of a receipt loses money")
    assert found["three.py"] == 1.0
    assert 0.5 < found["one.py"] < 1.0


def test_nothing_speaks_for_files_when_no_symbol_uses_a_word(shelf: Shelf) -> None:
    assert set(said_of_files(shelf, SHOP, "zebra").values()) == {0.0}
