"""What an ordeal draws from: names, contents, rules and commands of a user, changes by hand, and deaths."""

from hypothesis import strategies as st

from support.mortal import Death

NAMES = ["README.md", "shop/cart.py", "shop/money.py", "shop", "notes.txt", "notes.txt/part", "data/one.bin"]
NAMES += ["ignored/a.log", "b.log", ".env", "caf\udce9.txt", "two\nlines", "deep/er/still.txt"]
CONTENTS = [
    b"",
    b"one\n",
    b"two\n",
    b"a\r\nb\r\n",
    b"\xff\xfe\0",
    b"# Shop\n\nlonger\n",
    b"$Id$\n",
    bytes(range(256)) * 4000,
]
IGNORED = ["", "ignored/\n", "*.log\n", "data/*\n!data/one.bin\n", "shop/money.py\nnotes.txt\n", "*\n!.gitignore\n"]
ATTRIBUTES = ["", "* text=auto eol=crlf\n", "*.txt ident\n*.md text working-tree-encoding=UTF-16\n"]
GIT = ["add --all", "add README.md", "commit --quiet --all --message=more", "commit --quiet --amend --message=again"]
GIT += ["stash", "stash --include-untracked", "stash pop", "checkout --quiet -B side", "checkout --quiet main"]
GIT += ["merge side", "merge --abort", "rebase side", "rebase --continue", "rebase --abort", "rm --cached README.md"]
GIT += ["gc --prune=now --quiet", "reset --quiet --hard", "checkout --quiet --detach", "tag --force here"]

PATHS = st.sampled_from(NAMES)
DEATHS = st.builds(
    Death, st.sampled_from(["call", "call", "time"]), st.integers(0, 99).map(lambda share: share / 100), st.booleans()
)
PERHAPS = st.none() | DEATHS
BY_HAND = st.sampled_from([{}, {"by/hand.txt": "by hand\n"}, {"hand.txt": "a\r\n", "README.md": None}, {"room/": ""}])
