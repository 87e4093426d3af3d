"""Makes tiny model files for a real llama.cpp engine, so that tests need no downloaded weights.

Two kinds. `noise` is a random network of half a megabyte: whatever it says is nonsense, which is right for grammars,
limits and long answers. `scripted` says given texts word for word: the n-th answer of a chat is the n-th text, told
apart by what its first message is about.

A scripted model is a lookup table in the shape of a llama. Attention and feed-forward are zero, so what comes next
depends on the last token alone: `logits = W_out @ rmsnorm(E[last])`. The rows of `E` are vectors of ±1, nearly
orthogonal, and `W_out[next]` holds `E[last]` for every pair that follows each other. Each piece of about six characters
is a token of its own; the chat template ends a prompt with the mark of the turn, which leads to the first piece of that
turn's text; the last piece leads to the end. The gap between logits is so wide that temperature does not matter.

U+2581 in a text comes back as a space: the tokenizer writes spaces that way.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import gguf
import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]

_TEMPLATE = (
    "{% for m in messages %}<|{{ m['role'] }}|>{{ m['content'] }}\n{% endfor %}"
    "{% set n = messages | selectattr('role','equalto','assistant') | list | length %}"
)
_TURN = "if %r in messages[0]['content'] %%}<|turn{{ %d + (n if n < %d else %d) }}|>{%% el"
"""For the answers to one kind of question. It ends in half a word: `el` and the next make `elif`."""
_TRAINED_WINDOW = 32_768
_LAYERS, _HEADS = 2, 4
_UNLIKELY = -1e6
"""The tokenizer merges by score; with all of them this low it takes the longest token that fits."""


@dataclass
class _Vocabulary:
    """Tokens in the order of their numbers."""

    texts: list[bytes] = field(default_factory=list)
    kinds: list[int] = field(default_factory=list)

    def add(self, text: str | bytes, kind: gguf.TokenType) -> int:
        self.texts.append(text.encode() if isinstance(text, str) else text)
        self.kinds.append(kind)
        return len(self.texts) - 1


@dataclass(frozen=True)
class _Special:
    unknown: int
    begin: int
    end: int
    first_byte: int
    turns: tuple[int, ...]


def noise(path: Path, seed: int = 0) -> None:
    """Write a model that says random things, with a liking for printable characters and for ends of JSON."""
    vocabulary = _Vocabulary()
    special = _special(vocabulary, turns=1)
    template = _TEMPLATE + "<|turn0|>"
    random = np.random.default_rng(seed)
    count, width = len(vocabulary.texts), 64
    embedding = _embedding(random, count, width)
    output = random.normal(0, 0.35, (count, width)).astype(np.float32)
    output[:, 0] = -6.0
    for characters, liking in ((map(chr, range(32, 127)), 2.0), ('"}],: \n', 4.0)):
        for character in characters:
            output[special.first_byte + ord(character), 0] = liking
    output[special.end, 0] = 3.0
    _write(path, vocabulary, special, template, embedding, output, feed_forward=128, random=random)


def scripted(
    path: Path, script: Sequence[str] | Mapping[str, Sequence[str]], *, endless: bool = False, seed: int = 0
) -> None:
    """Write a model whose n-th answer in a chat is the n-th of its list; the last is given for ever.

    With several lists, the first whose name stands in the chat's first message. An `endless` model says its answer
    again and again and never comes to an end.
    """
    lists = script if isinstance(script, Mapping) else {"": script}
    answers = [answer for answers in lists.values() for answer in answers]
    vocabulary = _Vocabulary()
    special = _special(vocabulary, turns=len(answers))
    chains = _chains(vocabulary, special, answers, endless=endless)
    embedding = _embedding(np.random.default_rng(seed), len(vocabulary.texts), 256)
    output = np.zeros_like(embedding)
    for chain in chains:
        for last, following in pairwise(chain):
            output[following] += 0.5 * embedding[last]
    output[special.end, 0] += 8.0  # whatever is not in the script ends at once
    _write(path, vocabulary, special, _template(lists), embedding, output, feed_forward=32)


def _template(lists: Mapping[str, Sequence[str]]) -> str:
    """A chat template that ends in the mark of the turn."""
    template, first = _TEMPLATE + "{% ", 0
    for name, answers in lists.items():
        template += _TURN % (name, first, len(answers), len(answers) - 1)
        first += len(answers)
    return template + "se %}{% endif %}"


def _special(vocabulary: _Vocabulary, turns: int) -> _Special:
    kind = gguf.TokenType
    unknown = vocabulary.add("<unk>", kind.UNKNOWN)
    begin, end = vocabulary.add("<s>", kind.CONTROL), vocabulary.add("</s>", kind.CONTROL)
    first_byte = len(vocabulary.texts)
    for byte in range(256):
        vocabulary.add(f"<0x{byte:02X}>", kind.BYTE)
    for role in ("system", "user", "assistant", "tool"):
        vocabulary.add(f"<|{role}|>", kind.CONTROL)
    marks = tuple(vocabulary.add(f"<|turn{turn}|>", kind.CONTROL) for turn in range(turns))
    return _Special(unknown, begin, end, first_byte, marks)


def _chains(vocabulary: _Vocabulary, special: _Special, answers: Sequence[str], *, endless: bool) -> list[list[int]]:
    """For each turn the tokens that follow each other, from its mark to the end, or to its own beginning."""
    used = set(vocabulary.texts)
    begins: dict[str, int] = {}
    chains = []
    for mark, answer in zip(special.turns, answers, strict=True):
        if answer not in begins:
            pieces = [vocabulary.add(piece, gguf.TokenType.NORMAL) for piece in _pieces(answer, used)]
            begins[answer] = pieces[0] if pieces else special.end
            chains.append([mark, *pieces, begins[answer] if endless else special.end])
        else:
            chains.append([mark, begins[answer]])
    return chains


def _pieces(text: str, used: set[bytes], length: int = 6) -> list[bytes]:
    """Cut `text` into pieces that are all different: the engine wants every token's text to be unique."""
    pieces: list[bytes] = []
    start = 0
    while start < len(text):
        end = next((end for end in range(start + length, len(text) + 1) if _spelled(text[start:end]) not in used), 0)
        if not end and pieces and _spelled(text[start:]) in used:
            last = pieces.pop()  # too little is left for a new piece: take back the last one and make it longer
            used.discard(last)
            start -= len(last.decode())
            end = len(text)
        end = end or len(text)
        pieces.append(_spelled(text[start:end]))
        used.add(pieces[-1])
        start = end
    return pieces


def _spelled(text: str) -> bytes:
    return text.replace(" ", "\u2581").encode()


def _embedding(random: np.random.Generator, count: int, width: int) -> Matrix:
    embedding = random.choice([-1.0, 1.0], (count, width)).astype(np.float32)
    embedding[:, 0] = 1.0  # the same for all tokens, so that column 0 of the output is a liking for a token as such
    return embedding


def _write(path: Path, vocabulary: _Vocabulary, special: _Special, template: str, embedding: Matrix, output: Matrix,
           *, feed_forward: int, random: np.random.Generator | None = None) -> None:  # fmt: skip
    """Write the file; layers are random, or zero when there is nothing to draw them from."""
    count, width = embedding.shape
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name("tiny")
    writer.add_context_length(_TRAINED_WINDOW)
    writer.add_embedding_length(width)
    writer.add_block_count(_LAYERS)
    writer.add_feed_forward_length(feed_forward)
    writer.add_head_count(_HEADS)
    writer.add_head_count_kv(_HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(width // _HEADS)
    writer.add_vocab_size(count)
    writer.add_tokenizer_model("llama")
    writer.add_token_list(vocabulary.texts)
    writer.add_token_types(vocabulary.kinds)
    writer.add_token_scores([_UNLIKELY] * count)
    writer.add_bos_token_id(special.begin)
    writer.add_eos_token_id(special.end)
    writer.add_unk_token_id(special.unknown)
    writer.add_add_bos_token(True)
    writer.add_add_space_prefix(False)
    writer.add_chat_template(template)
    writer.add_tensor("token_embd.weight", embedding)
    writer.add_tensor("output_norm.weight", np.ones(width, np.float32))
    writer.add_tensor("output.weight", output)
    for layer in range(_LAYERS):
        for name, shape in _layer(width, feed_forward):
            weights = random.normal(0, 0.05, shape) if random else np.zeros(shape)
            writer.add_tensor(f"blk.{layer}.{name}.weight", weights.astype(np.float32))
        for name in ("attn_norm", "ffn_norm"):
            writer.add_tensor(f"blk.{layer}.{name}.weight", np.ones(width, np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _layer(width: int, feed_forward: int) -> list[tuple[str, tuple[int, int]]]:
    square = [(name, (width, width)) for name in ("attn_q", "attn_k", "attn_v", "attn_output")]
    return [*square, ("ffn_gate", (feed_forward, width)), ("ffn_up", (feed_forward, width)),
            ("ffn_down", (width, feed_forward))]  # fmt: skip
