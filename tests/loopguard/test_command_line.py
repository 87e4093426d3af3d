"""Many spellings, one intent."""

import pytest

from loopcutter_loopguard.command_line import intents
from loopcutter_loopguard.intent import Span


def keys(line: str) -> list[str]:
    return [intent.key for intent in intents(line)]


@pytest.mark.parametrize(
    "spellings",
    [
        ["pytest", "python -m pytest -q", "python3 -m pytest tests/ -x", "cd /w && py.test --tb=short 2>&1 | tail"],
        ["grep -rn total .", "rg total", "git grep -n total", "grep -R 'total' . | head"],
        ["ls", "ls -la", "ls ./", "dir", "cd . && ls"],
        ["cat f.py", "cat ./f.py", "less f.py", "nl -ba f.py"],
        ["sed -n '10,20p' f.py", "cat f.py | sed -n 10,20p", "head -20 f.py | tail -11"],
        ["npm test", "npm run test", "CI=1 npm test --silent"],
        ["curl -s http://localhost:1/x", "wget -qO- http://localhost:1/x", "curl http://localhost:1/x/ | head"],
        ["find . -name a.py", "find ./ -type f -name 'a.py' 2>/dev/null"],
    ],
)
def test_spellings_of_one_command_are_one_intent(spellings: list[str]) -> None:
    assert len({tuple(keys(spelling)) for spelling in spellings}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("pytest tests/test_a.py", "pytest tests/test_b.py"),
        ("pytest -k cart", "pytest -k price"),
        ("cd pkgs/a && npm run build", "cd pkgs/b && npm run build"),
        ("JAVA_HOME=/x ./mvnw test", "JAVA_HOME=/y ./mvnw test"),
        ("./solve < 1.txt", "./solve < 2.txt"),
        ("sed -n 1,5p f", "sed -n 6,9p f"),
        ("curl -X POST http://h/x", "curl http://h/x"),
    ],
)
def test_what_makes_a_difference_is_kept(one: str, other: str) -> None:
    assert keys(one) != keys(other)


@pytest.mark.parametrize(
    ("line", "span"),
    [
        ("cat a.py", Span("a.py", 1, 0)),
        ("head -n 5 a.py", Span("a.py", 1, 5)),
        ("tail -n +5 a.py", Span("a.py", 5, 0)),
        ("sed -n '5,9p' a.py", Span("a.py", 5, 9)),
        ("awk 'NR>=5 && NR<=9' a.py", Span("a.py", 5, 9)),
    ],
)
def test_reads_say_which_lines(line: str, span: Span) -> None:
    assert intents(line)[0].spans == (span,)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("sed -i 's/a/b/' f.py", "edit"),
        ("cat > f.py <<'E'\nx\nE", "edit"),
        ("git checkout -- f.py", "switch"),
        ("sleep 5; cat status", "wait"),
        ("mvn -q test -Dtest=Cart", "test"),
        ("make", "run"),
    ],
)
def test_kinds(line: str, kind: str) -> None:
    assert kind in {intent.kind for intent in intents(line)}


def test_taking_back_is_known() -> None:
    assert [intents(line)[0].restores for line in ("git checkout -- f", "cp f.py.bak f.py", "cp f.py g.py")] == [
        True,
        True,
        False,
    ]
