"""Commands that do something: run tests, write and edit files, move the workspace, start anything else."""

import re

from loopcutter_loopguard.edit import Change, Edit, from_diff
from loopcutter_loopguard.intent import Intent, place
from loopcutter_loopguard.shell import Command

_TESTERS = {
    "pytest", "py.test", "nosetests", "nose2", "tox", "unittest", "jest", "vitest", "mocha", "rspec", "phpunit",
    "ctest",
}  # fmt: skip
_BUILD_TESTS = {
    "go": {"test"}, "cargo": {"test", "nextest"}, "npm": {"test", "t"}, "yarn": {"test"}, "pnpm": {"test"},
    "make": {"test", "check"},
    "mvn": {"test", "verify"}, "mvnw": {"test", "verify"}, "gradle": {"test", "check"}, "gradlew": {"test", "check"},
    "dotnet": {"test"}, "rake": {"test"}, "swift": {"test"}, "bun": {"test"},
}  # fmt: skip
_CHANGERS = {
    "rm", "mv", "cp", "mkdir", "touch", "ln", "chmod", "chown", "patch", "unzip", "tar", "dd", "truncate", "rsync",
    "install",
}  # fmt: skip
_SWITCHES = {
    "checkout", "switch", "reset", "stash", "restore", "revert", "bisect", "clean", "merge", "rebase", "pull",
    "cherry-pick",
}  # fmt: skip
_INSTALLERS = {"pip", "pip3", "apt", "apt-get", "npm", "conda", "uv", "yarn", "brew", "gem", "cargo", "dnf", "apk"}
_WRITES = re.compile(
    r"\.write\(|write_text|open\([^)]*,\s*['\"][wa]|writelines|\.to_csv|\.save\(|fs\.write|shutil\.|os\.(?:remove|rename)"
)
_BACKUP = re.compile(r"\.(?:bak|backup|orig|original|old|save|fixed)\b|[_-](?:backup|orig|original)\b", re.I)


def testing(program: str, words: tuple[str, ...], command: Command) -> Intent | None:
    """The tests that the command runs; None when it runs none."""
    if not _runs_tests(program, words):
        return None
    return Intent("test", f"test {' '.join(_test_targets(program, words, command.folder))}{_where(command)}")


def _runs_tests(program: str, words: tuple[str, ...]) -> bool:
    if program in _TESTERS:
        return True
    if program in _BUILD_TESTS:
        return any(word in _BUILD_TESTS[program] or word.endswith(":test") for word in words[1:])
    return any(word.rsplit("/", 1)[-1] in ("runtests.py", "manage.py") for word in words[:2]) and (
        "test" in words[1:] or any("runtests" in word for word in words[:2])
    )


def _test_targets(program: str, words: tuple[str, ...], folder: str) -> list[str]:
    """What is tested; how it is shown doesn't count, which tests are picked does."""
    targets, picked = [], ""
    for word in words[1:]:
        if word == "run" and program in ("npm", "yarn", "pnpm", "bun"):
            continue
        if picked:
            targets.append(f"{picked} {word}")
            picked = ""
        elif word in ("-k", "-m", "-run", "--run", "-Dtest", "--tests", "-t"):
            picked = word
        elif word.startswith(("-Dtest=", "-k", "--tests=", "--filter", "-run=", "--deselect", "--lf", "--ff")):
            targets.append(word)
        elif not word.startswith("-"):
            targets.append(place(word, folder))
    plain = [target for target in targets if target not in ("", "test", "tests")]
    return [*([program] if program not in ("pytest", "py.test") else []), *sorted(set(plain))]


def writing(command: Command, words: tuple[str, ...]) -> Intent:
    """`cat > file <<EOF` and its like write a whole file; any other output sent to a file is a run."""
    target = place(command.writes[-1], command.folder)
    if command.document and command.program in ("cat", "tee", ""):
        edit = Edit((Change(target, "", command.document),))
        return Intent("edit", f"write {target} {_digest(command.document)}", edit=edit, changes=True)
    if command.program in ("echo", "printf"):
        edit = Edit((Change(target, "", " ".join(words[1:])),))
        return Intent("edit", f"write {target} {' '.join(words[1:])}", edit=edit, changes=True)
    return Intent("run", f"run {_joined(command, words)} > {target}", changes=True)


def running(program: str, words: tuple[str, ...], command: Command) -> Intent:
    """Any other program, told by its words, its folder, its variables and what it is fed."""
    subject = words[1] if len(words) > 1 else ""
    key = _joined(command, words)
    if program == "git":
        if subject in _SWITCHES:
            back = subject in ("checkout", "restore", "reset", "stash", "revert", "clean")
            return Intent("switch", f"run {key}", changes=True, restores=back)
        if subject == "apply" and command.document and (edit := from_diff(command.document)):
            return Intent("edit", f"run {key}", edit=edit, changes=True)
        return Intent("read" if subject in ("diff", "show", "log", "status", "blame") else "run", f"run {key}")
    if program == "patch" and command.document and (edit := from_diff(command.document)):
        return Intent("edit", f"run {key}", edit=edit, changes=True)
    if program in ("sed", "perl") and any(word.startswith(("-i", "-pi")) or word == "--in-place" for word in words):
        return _in_place(command, words, key)
    code = command.document or key
    changes = program in _CHANGERS or program in _INSTALLERS or "-delete" in words or bool(_WRITES.search(code))
    return Intent(
        "run",
        f"run {key}",
        changes=changes,
        restores=program in ("cp", "mv") and bool(_BACKUP.search(" ".join(words[1:-1]))),
    )


def _in_place(command: Command, words: tuple[str, ...], key: str) -> Intent:
    rest = [word for word in words[1:] if not word.startswith("-")]
    if len(rest) < 2:
        return Intent("edit", f"run {key}", changes=True)
    *scripts, path = rest
    edit = Edit((Change(place(path, command.folder), "", "\n".join(scripts), symbol=_address("\n".join(scripts))),))
    return Intent("edit", f"run {key}", edit=edit, changes=True)


def _address(script: str) -> str:
    """The lines or the pattern that a sed script is about: the place of its edit."""
    found = re.match(r"\s*(?:(\d+(?:,(?:\d+|\$))?)|s(.)(.+?)(?<!\\)\2|/(.+?)(?<!\\)/)", script)
    return " ".join(part for part in found.groups() if part) if found else script


def _joined(command: Command, words: tuple[str, ...]) -> str:
    document = f" << {_digest(command.document)}" if command.document else ""
    said = " ".join(words).replace("'", '"')
    return said + document + (f" < {command.reads}" if command.reads else "") + _where(command)


def _where(command: Command) -> str:
    """The folder and the variables that make it another run. `cd /repository` is where every session begins."""
    folder = (
        "" if command.folder.startswith("/") and command.folder.strip("/").count("/") < 2 else place(command.folder)
    )
    return "".join(f" [{one}]" for one in (folder, *command.settings) if one)


def _digest(text: str) -> str:
    return "\n".join(" ".join(line.split()) for line in text.splitlines() if line.strip())
