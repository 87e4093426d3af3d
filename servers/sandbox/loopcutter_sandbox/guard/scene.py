"""What a shell would know while it reads a command: its folder, its variables, its functions."""

from dataclasses import dataclass, field, replace

from tree_sitter import Node

from loopcutter_sandbox.guard.place import HOME
from loopcutter_sandbox.guard.simple import UNKNOWN, Simple

Values = tuple[str, ...]
"""What a word may be: more than one in a loop, `UNKNOWN` in it for what can't be told."""

SPLIT = "\x1f"
"""Where a shell splits the result of an unquoted expansion into words."""

MOST = 16
"""Values of a word that are followed; beyond it is unknown."""


@dataclass
class Scene:
    """Changed by `cd` and assignments as the reader goes along; a subshell gets a copy."""

    workspace: str
    folder: str
    variables: dict[str, Values] = field(default_factory=dict)
    functions: dict[str, Node] = field(default_factory=dict)
    """The bodies of those defined so far."""
    called: set[str] = field(default_factory=set)
    """The names of functions that were called; shared, as what is called in a subshell is called."""
    aliases: dict[str, str] = field(default_factory=dict)
    """What the first word of a command is replaced by."""
    before: list[str] = field(default_factory=list)
    """Folders to which `cd -` and `popd` go back."""
    upstream: tuple[Simple, ...] = ()
    """What the commands of a loop or group read from."""

    written: dict[str, str] = field(default_factory=dict)
    """What was written to files, by path; subshells share it as they do the disk."""

    disguised: set[str] = field(default_factory=set)
    """What was decoded on the way: texts, and the paths of files they were written to; shared like the disk."""

    def copy(self) -> "Scene":
        """A scene of its own for a subshell."""
        return replace(
            self,
            variables=dict(self.variables),
            functions=dict(self.functions),
            before=list(self.before),
            aliases=dict(self.aliases),
        )

    def call(self, arguments: tuple[str, ...]) -> None:
        """Set what `$1` and `$@` stand for."""
        everything = (SPLIT.join(arguments),)
        self.variables |= {"@": everything, "*": everything}
        self.variables |= {str(number): (word,) for number, word in enumerate(arguments[:9], 1)}

    def look_up(self, name: str) -> Values:
        """The values a variable may have."""
        if name in self.variables:
            return self.variables[name]
        match name:
            case "HOME":
                return (HOME,)
            case "PWD":
                return (self.folder,)
            case "OLDPWD":
                return (self.before[-1] if self.before else self.folder,)
            case "TMPDIR":
                return ("/tmp/of-this-run",)
            case "IFS":
                return (" ",)
            case "$" | "!":
                return ("4242",)
            case "PPID":  # what has started the run is not the run's own, as little as the first process of all
                return ("1",)
            case "?" | "#" | "RANDOM" | "SECONDS" | "LINENO" | "UID" | "EUID":
                return ("1",)
            case "USER" | "LOGNAME" | "HOSTNAME":
                return ("user",)
            case _:
                return (UNKNOWN,)

    def enter(self, folder: str) -> None:
        """Follow a `cd`."""
        self.before.append(self.folder)
        self.folder = folder
