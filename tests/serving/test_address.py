import socket

import pytest

from loopcutter_serving import Misconfigured, Unavailable
from loopcutter_serving.address import bind, names


def test_any_free_port_of_loopback_is_bound_without_protection() -> None:
    with bind("localhost", 0, protected=False) as bound:
        assert bound.getsockname()[1] > 0


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "0", "::ffff:0.0.0.0"])
def test_an_address_others_can_reach_needs_token_and_tls(host: str) -> None:
    with pytest.raises(Misconfigured, match="can be reached from other machines: give --token-file, --tls-cert"):
        bind(host, 0, protected=False)


def test_with_token_and_tls_every_address_may_be_bound() -> None:
    with bind("0.0.0.0", 0, protected=True) as bound:
        assert bound.getsockname()[0] == "0.0.0.0"


def test_a_taken_port_is_one_clear_line() -> None:
    with bind("127.0.0.1", 0, protected=False) as bound:
        port = bound.getsockname()[1]
        with pytest.raises(Unavailable, match=f"^port {port} of 127.0.0.1 is taken: choose another --port"):
            bind("127.0.0.1", port, protected=False)


def test_a_port_is_free_again_right_after_its_server_ended() -> None:
    with bind("127.0.0.1", 0, protected=False) as bound:
        port = bound.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            bound.setblocking(True)
            bound.accept()[0].close()  # the side that closes first keeps the port busy for a while
    bind("127.0.0.1", port, protected=False).close()


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(Unavailable, match=r"can't listen on 192.0.2.1 port 0 .*: check --host and --port"):
        bind("192.0.2.1", 0, protected=True)


def test_a_name_that_means_nothing_is_refused() -> None:
    with pytest.raises(Misconfigured, match=r"'no such name' can't be resolved .*: check --host"):
        bind("no such name", 0, protected=True)


def test_a_server_answers_to_loopback_its_own_address_and_the_names_it_was_given() -> None:
    loopback = ["127.0.0.1", "localhost", "[::1]"]
    assert names("127.0.0.1", []) == loopback
    assert names("0.0.0.0", ["Node-B"]) == [*loopback, "Node-B", "node-b"]
    assert names("fe80::1", ["10.0.0.2"]) == [*loopback, "[fe80::1]", "10.0.0.2"]
