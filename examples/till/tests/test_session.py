import pytest

from till.cart import Cart
from till.session import IDLE_SECONDS, NotSignedIn, Till


@pytest.fixture
def till():
    till = Till({"Ada": "1815"})
    till.sign_in("Ada", "1815", now=0)
    return till


def test_a_wrong_pin_is_refused():
    with pytest.raises(NotSignedIn, match="wrong name or PIN"):
        Till({"Ada": "1815"}).sign_in("Ada", "1816", now=0)


def test_the_receipt_names_the_cashier(till):
    assert "served by Ada" in till.check_out(Cart(), now=10)


def test_nobody_sells_after_signing_out(till):
    till.sign_out()
    with pytest.raises(NotSignedIn, match="nobody"):
        till.check_out(Cart(), now=10)


def test_a_busy_cashier_stays_signed_in(till):
    assert [till.cashier(now=moment) for moment in (IDLE_SECONDS, 2 * IDLE_SECONDS)] == ["Ada", "Ada"]


def test_an_idle_cashier_is_signed_out(till):
    with pytest.raises(NotSignedIn, match="long pause"):
        till.cashier(now=IDLE_SECONDS + 1)
