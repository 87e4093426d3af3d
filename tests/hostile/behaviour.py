"""The hostile projects, read from the text files in `behaviours`.

A file begins with lines ``key: value`` and goes on with the files of the project, each after ``== PATH``. The keys:

tries       what it attempts, to be read after "It tries"
run         the command; without one the tests are run
tests       demanded ids of tests, with blanks
status      statuses of the test report that are true, with commas
never       the name of a test that must not be reported as passed
prints      the words on standard output when it was held, their white space left aside
ends        how the command ends: killed, timeout or any
out_of      memory or disk: what the run is stopped for
gap         words in a backend's gaps that say that this is not held there
timeout_s   seconds for the run
within_s    seconds after which it must be over
twice       run it twice, and it is the second run that counts
packet      a packet that comes out counts as not held
"""

from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent / "behaviours"


@dataclass(frozen=True)
class Behaviour:
    """One hostile project."""

    name: str
    keys: dict[str, str]
    files: dict[str, str]

    def filled(self, words: dict[str, str]) -> dict[str, str]:
        """Its files, with what stands in braces replaced."""
        return {path: _fill(text, words) for path, text in self.files.items()}

    def command(self, words: dict[str, str]) -> str:
        """What is run."""
        return _fill(self.keys.get("run", ""), words)


def _fill(text: str, words: dict[str, str]) -> str:
    for mark, word in words.items():
        text = text.replace(mark, word)
    return text


def read(file: Path) -> Behaviour:
    """One behaviour."""
    head, *parts = file.read_text().split("\n== ")
    keys = dict(line.split(": ", 1) for line in head.splitlines())
    files = dict(part.split("\n", 1) for part in parts)
    return Behaviour(file.stem, keys, {path: text.rstrip("\n") + "\n" for path, text in files.items()})


BEHAVIOURS = [read(file) for file in sorted(HERE.glob("*.txt"))]
