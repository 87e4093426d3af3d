"""Finds the places in a Python repository that an issue, a question or a stack trace speaks of."""

from loopcutter_retrieval.errors import EmptyQuery, IndexBroken, NotText, RetrievalError, UnknownPath, UnknownSymbol

__all__ = ["EmptyQuery", "IndexBroken", "NotText", "RetrievalError", "UnknownPath", "UnknownSymbol"]
