"""The options of the command line that say how texts become vectors."""

import functools
from collections.abc import Callable
from typing import Any

import click

_ENV = "LOOPCUTTER_RETRIEVAL_"


def embedding_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Gives `command` the argument `settings`, checked; exit code 2 for what can't be meant."""

    @click.option(
        "--embedding",
        default="trained",
        show_default=True,
        envvar=f"{_ENV}EMBEDDING",
        show_envvar=True,
        help="trained (built in), ollama:MODEL, or openai:MODEL for any server of that protocol.",
    )
    @click.option(
        "--embedding-url",
        default="",
        envvar=f"{_ENV}EMBEDDING_URL",
        show_envvar=True,
        help=f"Where that server is; a key is taken from ${_ENV}EMBEDDING_KEY.",
    )
    @click.option(
        "--query-prefix", default="", envvar=f"{_ENV}QUERY_PREFIX", help="What the model reads before a query."
    )
    @click.option("--text-prefix", default="", envvar=f"{_ENV}TEXT_PREFIX", help="What it reads before a text.")
    @functools.wraps(command)
    def given(
        *arguments: Any, embedding: str, embedding_url: str, query_prefix: str, text_prefix: str, **others: Any
    ) -> Any:
        from loopcutter_retrieval.errors import BadVectorSettings
        from loopcutter_retrieval.vector_settings import VectorSettings
        from loopcutter_serving import Misconfigured

        settings = VectorSettings(embedding, embedding_url, query_prefix, text_prefix, others.pop("chroma", ""))
        try:
            settings.check()
        except BadVectorSettings as error:
            raise Misconfigured(str(error)) from None
        return command(*arguments, settings=settings, **others)

    return given
