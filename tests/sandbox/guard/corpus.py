"""Commands with the verdict that is expected of them, read from the text files beside this one."""

from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Sample:
    """One command, and the rule that should speak about it, if any."""

    command: str
    verdict: str
    rule: str


def read(verdict: str, file: str) -> list[Sample]:
    """One command a line; an indented line goes on with the one before; `== name` names the rule of what follows."""
    samples: list[Sample] = []
    rule = ""
    for line in (HERE / file).read_text().splitlines():
        if line.startswith("== "):
            rule = line[3:]
        elif line.startswith("  "):
            last = samples.pop()
            samples.append(Sample(f"{last.command}\n{line[2:]}", verdict, rule))
        else:
            samples.append(Sample(line, verdict, rule))
    return samples


SAMPLES = [
    *read("block", "dangerous.txt"),
    *read("opaque", "opaque.txt"),
    *read("allow", "benign.txt"),
]
