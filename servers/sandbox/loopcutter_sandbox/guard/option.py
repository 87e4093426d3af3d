"""Finds command lines that a program is given in an option, a setting or a variable, to be run on its own account."""

import itertools
import re
from collections.abc import Iterator, Mapping

from loopcutter_sandbox.guard.simple import Simple

_OPTIONS: Mapping[str, tuple[str, ...]] = {
    "tar": ("--to-command", "--use-compress-program", "-I", "--rsh-command", "--info-script", "--new-volume-script"),
    "rsync": ("-e", "--rsh", "--rsync-path"),
    "sort": ("--compress-program",),
    "split": ("--filter",),
    "rg": ("--pre",),
    "less": ("--lesskey-content",),
    "man": ("-P", "--pager"),
    "tcpdump": ("-z",),
    "zip": ("-TT", "--unzip-command"),
    "npx": ("-c", "--call"),
    "npm": ("-c", "--call"),
    "xterm": ("-e",),
    "gnome-terminal": ("-e", "--command"),
    "start-stop-daemon": ("--exec", "-x", "--startas"),
    "make": ("--eval",),
    "gcc": ("-wrapper",),
    "scp": ("-S",),
    "go": ("-exec", "-toolexec", "-vettool"),
    "sftp": ("-S",),
    "git": ("--exec", "--upload-pack", "--receive-pack", "--tree-filter", "--index-filter", "--env-filter",
            "--msg-filter", "--commit-filter", "--extcmd", "--open-files-in-pager"),
    "dpkg": ("--pre-invoke", "--post-invoke"),
    "docker": ("--entrypoint",),
}  # fmt: skip
"""The options of a program whose value is a command line."""
_GIT_SHORT = ("-x", "-u", "-O")
_GIT_WITH_SHORT = {"rebase", "fetch", "clone", "ls-remote", "grep"}
"""Commands of git for which the short options mean that; for others they mean something else."""
_SAME = {"bsdtar": "tar", "gtar": "tar", "g++": "gcc", "cc": "gcc", "clang": "gcc", "gmake": "make", "gsplit": "split"}
_VARIABLES = re.compile(
    r"(GIT_(SSH_COMMAND|SSH|EDITOR|SEQUENCE_EDITOR|PAGER|EXTERNAL_DIFF|ASKPASS|PROXY_COMMAND)|(MAN)?PAGER|EDITOR|VISUAL"
    r"|BROWSER|LESSOPEN|LESSCLOSE|PROMPT_COMMAND|SSH_ASKPASS|RSYNC_RSH|CVS_RSH|TAR_OPTIONS|FCEDIT|SUDO_ASKPASS)"
)
_TOOLS = r"(?:ccache\s+)?(?:\S*/)?(?:clang|gcc|cc|[gc]\+\+|clang\+\+|tcc|g?make|sh|bash|dash|python[\d.]*)(?:-\d+)?"
"""Compilers and their like, of which nothing need be said."""
_GIT_SETTING = re.compile(
    r"(?:alias\.[^=]*=\s*!|core\.(?:pager|editor|sshcommand|fsmonitor|askpass|gitproxy)=|sequence\.editor="
    r"|pager\.\w+=!?"
    r"|diff\.external=|gpg\.program=|uploadpack\.packobjectshook=|.*\.(?:textconv|helper|clean|smudge|command|cmd"
    r"|driver)=!?)(.*)",
    re.IGNORECASE | re.DOTALL,
)
_WITHIN: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (re.compile(program), re.compile(word, re.DOTALL))
    for program, word in (
        (r"bsdtar|g?tar", r"--checkpoint-action=exec=(.*)"),
        (r"n?vim?|vimdiff|ex|view|ed|less|more|man|nano|emacs", r"[-+\w\s:%]*!(.*)"),
        (r"n?vim?|ex|view|emacs", r".*(?:system|shell-command|systemlist|job_start)\W+(.*?)['\"]?\)*"),
        (r"gdb|lldb", r"(?:shell|!|platform shell|python import os; os\.system\W+)\s*(.*)"),
        (r"sqlite3|mysql|mariadb|psql|ftp|mailx?|nmap|irb", r"(?:\.shell|\.system|\\!|!|~!)\s*(.*)"),
        (r"expect", r"\s*(?:spawn|exec|system)\s+(.*)"),
        (r"ssh|scp|sftp|rsync", r"(?:-o)?\s*(?:ProxyCommand|LocalCommand|KnownHostsCommand)\s*=?\s*(.*)"),
        (r"g?sed", r"(?:[\d$,/\w\s]*?)e\s+(\S.*)|s(.)(?:.*?)\2(.*)\2[gpiI0-9]*e[gpiI0-9]*"),
        (r"apt(-get)?|aptitude", r"(?:-o)?(?:APT|DPkg)::.*Invoke.*?=(.*)"),
        (r"git", r"ext::(.*)"),
        (r"g?make", rf"(?:--eval=)?.*?\$\(shell\s+(.*)\)|(?:SHELL|CC|CXX|MAKE|PYTHON)=(?!{_TOOLS}$)(.*)"),
        (r"go", r"-(?:exec|toolexec|vettool)[= ](.*)"),
        (r"tmux|screen", r"(.*\s.*)"),
    )
)
"""Which words of which programs hold a command line, and where in the word it begins."""
_ANSWERS = re.compile(
    r"[\w./-]*\b(cat|true|false|less|more|ssh|vim?|nano|code|gzip|zstd|pigz|xz|bzip2|lz4)"
    r"|[:!]?|[\w./-]*\bssh(\s+(-[vqCxXaAkTnNf46]+|-[ipFlJ]\s*[\w./~@:-]+|-o\s*(?!\w*Command)\w+=[\w./~@:-]+))*"
)
"""What is so ordinary that nothing need be said of it."""


def commands_in_options(simple: Simple) -> list[str]:
    """The command lines among the words and settings of `simple`, ordinary ones left out."""
    found = [text.strip() for text in _found(simple)]
    return [text for text in dict.fromkeys(found) if not _ANSWERS.fullmatch(text)][:10]


def _found(simple: Simple) -> Iterator[str]:
    program, words = simple.program, simple.arguments
    yield from (value for name, value in simple.settings if _VARIABLES.fullmatch(name))
    options = _OPTIONS.get(_SAME.get(program, program), ())
    if program == "git" and _GIT_WITH_SHORT & set(words[:1]):
        options += _GIT_SHORT
    for option in options:
        value = simple.value(option)
        if value is not None:
            yield value
    for name, pattern in _WITHIN:
        if name.fullmatch(program):
            for word in words:
                match = pattern.fullmatch(word)
                if match is not None:
                    yield next((group for group in reversed(match.groups()) if group), "")
    if program == "git":
        pairs = [value for option, value in itertools.pairwise(words) if option == "-c"]
        if words[:1] == ("config",) and len(simple.operands) > 2:
            pairs.append("=".join(simple.operands[1:3]))
        yield from (match[1] for pair in pairs if (match := _GIT_SETTING.fullmatch(pair)))
    if program == "entr" and simple.operands:
        yield " ".join(simple.arguments[next(at for at, word in enumerate(words) if not word.startswith("-")) :])
