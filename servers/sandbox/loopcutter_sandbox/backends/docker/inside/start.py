"""The first thing that runs in a container: ``python -s -B start.py``."""

import importlib
import importlib.util
import os
import sys

_KEEPER = "_loopcutter_keeper"
_RUNNER = "_loopcutter_runner"


def _load(name: str, folder: str) -> None:
    """Make a folder importable as a package of this name, without an entry on ``sys.path``."""
    spec = importlib.util.spec_from_file_location(
        name, os.path.join(folder, "__init__.py"), submodule_search_locations=[folder]
    )
    assert spec is not None
    assert spec.loader is not None
    package = importlib.util.module_from_spec(spec)
    sys.modules[name] = package
    spec.loader.exec_module(package)


def main() -> None:
    """Get ready before anybody asks."""
    folder = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry or ".") != folder]
    _load(_KEEPER, folder)
    _load(_RUNNER, os.path.join(os.path.dirname(folder), "runner"))
    importlib.import_module(f"{_KEEPER}.keeper").keep()


if __name__ == "__main__":  # a project's `multiprocessing` imports this file again in its children
    main()
