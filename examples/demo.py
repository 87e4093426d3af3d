"""`make demo`: one bug, fixed twice by the real command through the real servers.

First by the built-in template repair. Then the same bug is given to a scripted agent that has one wrong idea and keeps
rewording it, as weak models do, so that you see the loop being cut.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parent
PROJECT = EXAMPLES / "till"
COMMAND = Path(sys.executable).with_name("loopcutter-host")


def main() -> int:
    folder = Path(tempfile.mkdtemp(prefix="loopcutter-demo-"))
    repository = folder / "till"
    shutil.copytree(PROJECT, repository, ignore=shutil.ignore_patterns("__pycache__", ".pytest_cache", "ISSUE.md"))
    make_repository(repository)

    title("1. The built-in repairer, no model and no container engine needed")
    fixed = fix(repository)
    title("2. The same bug, and a SCRIPTED stubborn agent: no model is behind it, its answers are read from a file")
    say("It has one wrong idea and rewords it for ever. Watch the third near-identical attempt.")
    cut = fix(repository, "--model", f"scripted:{EXAMPLES / 'stubborn.yaml'}", ladder="template-repair")

    title("Both runs are over")
    say(f"The example lies in {repository}, untouched: `git status` there is clean.")
    return fixed or cut


def make_repository(folder: Path) -> None:
    identity = ("-c", "user.name=Demo", "-c", "user.email=demo@localhost")
    for arguments in (("init", "--quiet"), ("add", "--all"), (*identity, "commit", "--quiet", "-m", "The till as it is")):
        subprocess.run(["git", *arguments], cwd=folder, check=True)


def fix(repository: Path, *options: str, ladder: str = "") -> int:
    arguments = ["fix", "--repo", str(repository), "--issue", f"@{PROJECT / 'ISSUE.md'}", *options]
    environment = {**os.environ, **({"LOOPCUTTER_GUARD_LADDER": ladder} if ladder else {})}
    settings = f"LOOPCUTTER_GUARD_LADDER={ladder} " if ladder else ""
    say(f"$ {settings}loopcutter-host {' '.join(arguments)}\n")
    return subprocess.run([str(COMMAND), *arguments], env=environment, check=False).returncode


def title(text: str) -> None:
    rule = "─" * min(len(text), shutil.get_terminal_size().columns)
    say(f"\n{text}\n{rule}")


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
