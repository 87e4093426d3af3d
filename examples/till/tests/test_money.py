import pytest

from till import money


def test_amounts_are_read_as_cents():
    assert [money.parse(text) for text in ("12.50", "3", "0.05", " 7.5 ")] == [1250, 300, 5, 750]


@pytest.mark.parametrize("text", ["", "abc", "1.234", "-1.00"])
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(ValueError, match="not an amount"):
        money.parse(text)


def test_cents_are_shown_as_amounts():
    assert [money.show(cents) for cents in (1250, 5, 0, -250)] == ["12.50", "0.05", "0.00", "-2.50"]
