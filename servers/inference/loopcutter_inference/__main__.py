"""`loopcutter-inference`: the door to the model on its laptop."""

from typing import TYPE_CHECKING

import click

from loopcutter_serving import ServingOptions, run, serving_options

if TYPE_CHECKING:
    from mcp.server import MCPServer


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="loopcutter", prog_name="loopcutter-inference")
def main() -> None:
    """Puts token and TLS in front of a model server that has neither, and tells how it is."""


@main.command()
@serving_options
@click.option(
    "--upstream",
    default="http://127.0.0.1:11434",
    show_default=True,
    envvar="LOOPCUTTER_INFERENCE_UPSTREAM",
    show_envvar=True,
    help="Where the model server listens.",
)
def serve(options: ServingOptions, upstream: str) -> None:
    """Serve the model server's own protocol under /api and /v1, and its state over MCP."""
    from loopcutter_inference.door import door_routes
    from loopcutter_inference.upstream import Upstream

    if not upstream.startswith(("http://", "https://")):
        raise click.UsageError(f"--upstream {upstream} is no address: give one like http://127.0.0.1:11434.")
    behind = Upstream(upstream)

    def build() -> "MCPServer":
        from loopcutter_inference.server import build

        return build(behind)

    run("inference", build, options, routes=door_routes(behind))


if __name__ == "__main__":
    main()
