from loopcutter_host.repair.novelty import Novelty
from loopcutter_host.repair.source import Source

TEXT = "class Cart:\n    def total(self, n):\n        return n + 1\n\nLIMIT = 3\n"


def test_only_what_compiles_and_means_something_new_is_kept() -> None:
    source, is_new = Source("a.py", TEXT), Novelty()
    at = TEXT.index("n + 1")
    texts = ["n + 2", "(n + 2)", "n  +  1", "n +", "await n", "n - 1", "n + 2  # two", "n + (1 + 1)"]
    kept = [text for text in texts if is_new(source.change(at, at + 5, text, "name", 1), source)]
    assert kept == ["n + 2", "n - 1"]


def test_the_same_text_at_another_place_is_another_change() -> None:
    source, is_new = Source("a.py", "a = 1\nb = 1\n"), Novelty()
    assert [is_new(source.change(at, at + 1, "2", "constant", 1), source) for at in (4, 10)] == [True, True]
