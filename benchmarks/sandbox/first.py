"""Opens a sandbox, runs one tree's tests and says how they were isolated. Used by `bounds.first_result`."""

import sys
from pathlib import Path

import anyio

from loopcutter_sandbox.sandbox import open_sandbox
from loopcutter_snapshots import ObjectStore


async def main(store: str, tree: str) -> None:
    sandbox = await open_sandbox(ObjectStore(Path(store)), Path(sys.executable))
    report = await sandbox.run_tests(tree)
    sandbox.close()
    print(report.isolation if report.status == "passed" else report.status)


if __name__ == "__main__":
    anyio.run(main, *sys.argv[1:])
