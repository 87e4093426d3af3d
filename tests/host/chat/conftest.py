"""Real llama.cpp engines for the tests of this folder, each started once in a test process."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from support.llama_engine import LlamaEngine

REFLECTION = '{"lesson": "one is not enough", "rules_out": "the sum", "instead": "look at add", "next": "plan"}'
TARGETS = '"targets": [{"path": "shop/cart.py", "symbol": "Cart.total"}]'
PLAN = f'{{"hypothesis": "total ignores the quantity", {TARGETS}}}'
TOTAL = "def total(self):\n    return sum(price * quantity for price, quantity in self.lines)\n"
SCRIPT = {
    "say a thought": ["<think>Is it {this}? No.</think>The sum is wrong."],
    "call as text": ['Let me look.\n{"name": "search", "arguments": {"query": "cart total"}}'],
    "step: plan": [PLAN],
    "step: edit": [
        "I would multiply the price by the quantity in the method total of the class Cart.",
        f"I multiply by the quantity.\n```python\n{TOTAL}```",
    ],
    "step: reflect": [REFLECTION],
}
"""What the scripted model says, by what stands in the system prompt; the second when the first was not accepted."""


@pytest.fixture(scope="session")
def engines() -> None:
    """Skips where there is no engine."""
    reason = "no llama.cpp engine here: pip install xllamacpp gguf numpy"
    for module in ("xllamacpp", "gguf"):
        pytest.importorskip(module, reason=reason, exc_type=ImportError)


@pytest.fixture(scope="session")
def scripted_engine(engines: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an engine that says `SCRIPT` word for word."""
    from support import tiny_gguf
    from support.llama_engine import LlamaEngine

    model = tmp_path_factory.mktemp("scripted") / "scripted.gguf"
    tiny_gguf.scripted(model, SCRIPT)
    with LlamaEngine(model, window=8192) as engine:
        yield engine.url


@pytest.fixture(scope="session")
def noisy_engine(engines: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an engine that says random things; its window is small."""
    from support import tiny_gguf
    from support.llama_engine import LlamaEngine

    model = tmp_path_factory.mktemp("noise") / "noise.gguf"
    tiny_gguf.noise(model)
    with LlamaEngine(model, window=2048) as engine:
        yield engine.url


@pytest.fixture
def chanting_engine(engines: None, tmp_path: Path) -> Iterator["LlamaEngine"]:
    """An engine whose model never comes to an end; it can be asked whether it works."""
    from support import tiny_gguf
    from support.llama_engine import LlamaEngine

    tiny_gguf.scripted(tmp_path / "chant.gguf", ["I will now fix the function. "], endless=True)
    with LlamaEngine(tmp_path / "chant.gguf", window=32_768) as engine:
        yield engine
