"""Runs a script and writes down which function of a package called which other one, as JSON.

    python traced.py PACKAGE_FOLDER OUT.json SCRIPT [ARGUMENT …]

A function is [path from the folder's parent, dotted name within the file]; code at the top of a file has no name.
Written for calls.py; it imports nothing but the standard library, so that any interpreter can run it.
"""

import atexit
import json
import runpy
import sys
import threading
from pathlib import Path
from types import CodeType, FrameType
from typing import Any


def main() -> None:
    folder, out, script = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve(), sys.argv[3]
    inside = f"{folder}/"
    pairs: set[tuple[CodeType, CodeType]] = set()

    def note(frame: FrameType, event: str, _argument: Any) -> None:
        caller = frame.f_back.f_code if frame.f_back else None
        called = frame.f_code
        if event == "call" and caller and called.co_filename.startswith(inside):
            pairs.add((caller, called))

    def spelt(code: CodeType) -> tuple[str, str]:
        name = code.co_qualname.partition(".<locals>")[0]
        return str(Path(code.co_filename).relative_to(folder.parent)), "" if name.startswith("<") else name

    def write() -> None:
        sys.setprofile(None)
        out.write_text(
            json.dumps(
                sorted({(*spelt(one), *spelt(other)) for one, other in pairs if one.co_filename.startswith(inside)})
            )
        )

    atexit.register(write)
    sys.argv = sys.argv[3:]
    sys.path[0] = str(Path(script).parent)
    threading.setprofile(note)
    sys.setprofile(note)
    runpy.run_path(script, run_name="__main__")


if __name__ == "__main__":
    main()
