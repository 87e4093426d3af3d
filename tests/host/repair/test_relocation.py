from loopcutter_host.repair.relocation import relocated


def test_suspicion_moves_with_its_line() -> None:
    before = "a\nb\nc\n"
    assert relocated({2: 0.5, 3: 1.0}, before, "new\na\nb\nc\n") == {3: 0.5, 4: 1.0}


def test_a_changed_line_keeps_the_suspicion_of_what_it_replaced() -> None:
    assert relocated({2: 1.0}, "a\nb\nc\n", "a\nB\nc\n") == {2: 1.0}
