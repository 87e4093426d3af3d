"""A server that runs tests until it is killed; prints the label of its containers first. Used by `bounds.killed`."""

import sys
from pathlib import Path

import anyio

from loopcutter_sandbox.backends import Docker
from loopcutter_sandbox.backends.docker import ContainerRunner
from loopcutter_sandbox.sandbox import open_sandbox
from loopcutter_snapshots import ObjectStore


async def main(store: str, tree: str, image: str, folder: str) -> None:
    sandbox = await open_sandbox(
        ObjectStore(Path(store)), Path(sys.executable), backends=[Docker(image)], folder=Path(folder)
    )
    assert isinstance(sandbox.runner, ContainerRunner)
    print(sandbox.runner._owner.mine, flush=True)
    while True:
        await sandbox.run_tests(tree)


if __name__ == "__main__":
    anyio.run(main, *sys.argv[1:])
