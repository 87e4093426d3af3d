"""Turns what the Ollama client raises into errors that say what to do."""

import httpx
from ollama import ResponseError

from loopcutter_host.chat.errors import AnswerCut, ModelMissing, Refused, ServerFailed, Unreachable


def translated(error: Exception, url: str, model: str) -> Exception:
    """The error of this package that says the same."""
    match error:
        case ResponseError():
            return _from_server(error, url, model)
        case httpx.ConnectError() | httpx.ConnectTimeout() | ConnectionError():
            return Unreachable(url, str(error) or "timed out")
        case httpx.HTTPError():
            return AnswerCut(url, str(error) or type(error).__name__)
        case _:  # the client parses every line as JSON and as its own types
            return AnswerCut(url, f"not what Ollama sends: {error}".splitlines()[0])


def _from_server(error: ResponseError, url: str, model: str) -> Exception:
    said = str(error.error).strip()[:500] or f"status {error.status_code}"
    if error.status_code == 404 and "model" in said:
        return ModelMissing(model, url)
    if error.status_code in (401, 403):
        return Refused(f"{url} wants a valid token ({said}).", "Set OLLAMA_API_KEY to the token of that server.")
    if 300 <= error.status_code < 500:
        return Refused(f"{url} refused the request: {said}.", "Check the address and the model's name.")
    return ServerFailed(url, said)
