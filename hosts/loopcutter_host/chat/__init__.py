"""Talks to a language model: one answer at a time, streamed, robust against what small local models really send.

`Chat` is the seam. `chat.ollama.Ollama` asks an Ollama server, `chat.openai.OpenAI` any that speaks OpenAI's protocol,
`chat.scripted.Scripted` reads answers from a file.
"""

from loopcutter_host.chat.answer import Answer, collect
from loopcutter_host.chat.protocol import Capacity, Chat, Message, Piece, ToolCall, ToolSpec

__all__ = ["Answer", "Capacity", "Chat", "Message", "Piece", "ToolCall", "ToolSpec", "collect"]
