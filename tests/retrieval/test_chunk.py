"""Long functions are embedded piece by piece, each between statements and under the function's signature."""

from loopcutter_retrieval import chunk
from loopcutter_retrieval.language import Symbol
from loopcutter_retrieval.python import Python

BLOCK = """\
    if order.part{at}:
        prices.append(
            discounted(order.part{at}),
        )
    else:
        prices.append(0)
"""
LONG = (
    'def total(\n    order,\n):\n    """Adds up."""\n    prices = []\n'
    + "".join(BLOCK.format(at=at) for at in range(30))
    + "    return sum(prices)\n"
)


def function(source: str) -> Symbol:
    (found,) = (one for one in Python().outline(source.encode()).symbols if one.kind == "function")
    return found


def bodies(symbol: Symbol) -> list[list[str]]:
    return [piece.split("\n") for piece in chunk.pieces(symbol).values()]


def test_short_function_is_one_piece() -> None:
    short = function("def total(order):\n    return sum(order)\n")
    assert chunk.pieces(short) == {chunk.key(short): chunk.text(short)}


def test_symbol_without_text_has_no_pieces() -> None:
    assert chunk.pieces(Symbol("", "module", 1, 1)) == {}


def test_long_function_is_cut_before_outer_statements() -> None:
    pieces = bodies(function(LONG))
    assert len(pieces) == 4
    assert {piece[4] for piece in pieces[1:]} <= {f"    if order.part{at}:" for at in range(30)}


def test_every_piece_says_whose_it_is_by_name_and_signature() -> None:
    for piece in bodies(function(LONG))[1:]:
        assert piece[:4] == ["total", "def total(", "    order,", "):"]


def test_nothing_is_lost_and_nothing_said_twice() -> None:
    symbol = function(LONG)
    first, *others = bodies(symbol)
    assert first[:2] == ["total", '"""Adds up."""']
    assert "\n".join([*first[2:], *(line for piece in others for line in piece[4:])]) == symbol.code


def test_pieces_lead_back_to_their_function() -> None:
    symbol = function(LONG)
    assert {chunk.symbol_of(piece) for piece in chunk.pieces(symbol)} == {chunk.key(symbol)}


def test_code_without_any_statement_to_cut_before_is_cut_all_the_same() -> None:
    table = Symbol("", "module", 1, 200, code="TABLE = [\n" + "]\n" * 200)
    assert max(map(len, bodies(table))) <= chunk.LONGEST + 2
