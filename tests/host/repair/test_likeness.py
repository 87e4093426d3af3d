from loopcutter_host.repair.likeness import Likeness

TEXT = "for row in rows:\n    total += row.price\n" * 5 + "for row in rows:\n    total += rows.price\n"


def test_a_change_towards_what_is_written_elsewhere_is_a_gain() -> None:
    likeness = Likeness([TEXT])
    old = "    total += rows.price\n"
    assert likeness.gain(old, "    total += row.price\n") > 0 > likeness.gain(old, "    total += rows.size\n") - 0.01


def test_a_line_does_not_speak_for_itself() -> None:
    likeness = Likeness(["a = strange(b)\n"])
    assert likeness.gain("a = strange(b)\n", "a = stranger(b)\n") == 0
