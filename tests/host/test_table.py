"""The table of states: nothing is missing from it and nothing leads nowhere."""

from loopcutter_host.table import TABLE, End, Signal, State


def test_every_signal_leads_somewhere() -> None:
    assert {signal for _, signal in TABLE} == set(Signal)


def test_every_state_can_be_reached_and_left() -> None:
    assert {state for state, _ in TABLE} == set(State)
    assert {follower for follower in TABLE.values() if isinstance(follower, State)} == set(State) - {State.READ}


def test_only_green_tests_lead_to_fixed() -> None:
    fixed = [key for key, follower in TABLE.items() if follower is End.FIXED]
    assert fixed == [(State.SAMPLE, Signal.GREEN), (State.TEST, Signal.GREEN)]
