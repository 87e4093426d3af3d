"""`loopcutter-retrieval`: serve the search, search a local repository once, or measure how well that works."""

import json
import os
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from loopcutter_retrieval.vector_options import embedding_options
from loopcutter_serving import Misconfigured, ServingOptions, Unavailable, run, serving_options, store_option

if TYPE_CHECKING:
    from mcp.server import MCPServer

    from loopcutter_retrieval.library import Library
    from loopcutter_retrieval.vector_settings import VectorSettings

_NEEDED = ("networkx", "numpy", "tree_sitter", "tree_sitter_python")
"""What the first call will import: it is heavy, so that a server says it is ready before."""


@click.group()
@click.version_option(package_name="loopcutter")
def main() -> None:
    """Retrieval: finds the places in a repository that an issue speaks of."""


@main.command()
@serving_options
@store_option("retrieval", "Folder for the trees that are pushed here, and for the index.")
@click.option(
    "--vectors/--no-vectors",
    default=True,
    show_default=True,
    envvar="LOOPCUTTER_RETRIEVAL_VECTORS",
    show_envvar=True,
    help="Also rank by similar wording, with vectors that are made in the background.",
)
@click.option(
    "--chroma",
    default="",
    envvar="LOOPCUTTER_RETRIEVAL_CHROMA",
    show_envvar=True,
    help="Keep the vectors on this chroma server instead of in the folder.",
)
@embedding_options
def serve(options: ServingOptions, store: Path, vectors: bool, settings: "VectorSettings") -> None:
    """Serve the search over MCP, and receive trees by git push beside it."""

    def build() -> "MCPServer":
        from loopcutter_retrieval.server import build
        from loopcutter_snapshots import ObjectStore

        for package in _NEEDED:
            if find_spec(package) is None:
                raise ModuleNotFoundError(name=package)
        ObjectStore(receiving)  # trees may be pushed before anything is asked
        return build(opened)

    def opened() -> "Library":
        from loopcutter_retrieval.opening import open_library

        return open_library(store, vectors=settings if vectors else None)

    from loopcutter_serving.receiver import git_routes

    receiving = store / "objects.git"
    run("retrieval", build, options, routes=git_routes(receiving))


@main.command()
@click.argument("repository", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.argument("query")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 1000))
@click.option("--store", type=click.Path(path_type=Path), help="Folder to keep the index in; else it is thrown away.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def search(repository: Path, query: str, limit: int, store: Path | None, as_json: bool) -> None:
    """Search what is committed at HEAD of a local REPOSITORY for what QUERY speaks of. The repository is only read."""
    from contextlib import ExitStack
    from dataclasses import asdict
    from tempfile import TemporaryDirectory

    from loopcutter_retrieval.errors import RetrievalError
    from loopcutter_retrieval.local import borrowed
    from loopcutter_retrieval.opening import open_library
    from loopcutter_snapshots import SnapshotError

    with ExitStack() as stack:
        folder = store or Path(stack.enter_context(TemporaryDirectory(prefix="loopcutter-retrieval-")))
        try:
            tree = borrowed(repository, folder)
            library = open_library(folder)
            stack.callback(library.close)
            places = library.search(tree, query, limit)
        except (RetrievalError, SnapshotError) as error:
            raise Unavailable(str(error)) from None
    if as_json:
        click.echo(json.dumps({"tree": tree, "places": [asdict(place) for place in places]}))
        return
    for place in places:
        click.echo(f"{place.score:7.3f}  {place.path}:{place.lines[0]}  {place.symbol or '(file)'}  {place.why}")


@main.command("eval")
@click.argument("instances", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--store", type=click.Path(path_type=Path), help="Folder to keep the index in; else it is thrown away.")
@click.option("--json", "as_json", is_flag=True, help="For machines, the rank in every instance included.")
@click.option("--plot", type=click.Path(path_type=Path, dir_okay=False), help="Draw the figures into this SVG file.")
@embedding_options
def evaluate(instances: Path, store: Path | None, as_json: bool, plot: Path | None, settings: "VectorSettings") -> None:
    """Measure how well issues lead to what their fixes changed, for vectors alone, words alone, and all together.

    Each line of INSTANCES is a JSON object: "id", "repo" (a local repository, seen from the file's folder; it is only
    read), "commit" or "tree" (the state before the fix; a commit also tells of the past), "query" (the issue), "files"
    (what the fix changes), and "functions" (path::Class.method).
    """
    from dataclasses import asdict
    from tempfile import TemporaryDirectory

    from loopcutter_retrieval import instance
    from loopcutter_retrieval.errors import RetrievalError
    from loopcutter_retrieval.evaluation import summary
    from loopcutter_retrieval.plot import svg
    from loopcutter_retrieval.report import measured, table
    from loopcutter_retrieval.vector_settings import KEY
    from loopcutter_snapshots import SnapshotError

    try:
        found = instance.read(instances)
        with TemporaryDirectory(prefix="loopcutter-retrieval-") as folder:
            embedding = settings.open(os.environ.get(KEY, ""))
            figures = summary(measured(found, store or Path(folder), embedding), embedding.name)
    except (RetrievalError, SnapshotError) as error:
        raise Misconfigured(str(error)) from None
    if plot is not None:
        plot.write_text(svg(figures), encoding="utf-8")
    click.echo(json.dumps(figures, default=asdict) if as_json else table(figures))


if __name__ == "__main__":
    main()
