"""The first thing that runs inside the sandbox: ``python -s -B start.py DESCRIPTOR < request.json``."""

import importlib.util
import json
import os
import sys

_NAME = "_loopcutter_runner"


def _load_package() -> None:
    """Make this folder importable under a name of its own, without an entry on ``sys.path``."""
    folder = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry or ".") != folder]
    spec = importlib.util.spec_from_file_location(
        _NAME, os.path.join(folder, "__init__.py"), submodule_search_locations=[folder]
    )
    assert spec is not None
    assert spec.loader is not None
    package = importlib.util.module_from_spec(spec)
    sys.modules[_NAME] = package
    spec.loader.exec_module(package)


def main() -> None:
    """Read the request, enter the sandbox for good, do what is asked."""
    descriptor = int(sys.argv[1])
    request = json.loads(sys.stdin.buffer.read())
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    _load_package()
    dispatch = importlib.import_module(_NAME + ".dispatch")
    dispatch.run(request, descriptor)


if __name__ == "__main__":  # a project's `multiprocessing` imports this file again in its children
    main()
