"""The tracer that the benchmark of calls judges them by."""

import json
import subprocess
import sys
from pathlib import Path

PROGRAM = Path(__file__).parents[2] / "benchmarks" / "retrieval" / "traced.py"


def test_calls_between_functions_of_the_package_are_written_down(tmp_path: Path) -> None:
    package = tmp_path / "shop"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "cart.py").write_text(
        "class Cart:\n    def total(self):\n        return max([1], key=rounded)\n\n\n"
        "def rounded(amount):\n    return round(amount)\n"
    )
    script = tmp_path / "run.py"
    script.write_text("from shop.cart import Cart\nCart().total()\nraise SystemExit(3)\n")
    out = tmp_path / "calls.json"
    done = subprocess.run([sys.executable, str(PROGRAM), str(package), str(out), str(script)], check=False, timeout=60)
    assert done.returncode == 3
    assert json.loads(out.read_text()) == [
        ["shop/cart.py", "", "shop/cart.py", "Cart"],
        ["shop/cart.py", "Cart.total", "shop/cart.py", "rounded"],
    ]
