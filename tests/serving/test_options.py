from pathlib import Path
from typing import Any

import click
from click.testing import CliRunner

from loopcutter_serving import ServingOptions, serving_options


def received(*arguments: str, package: str = "loopcutter_demo", **variables: str) -> ServingOptions:
    """What a command of `package` is handed."""
    namespace: dict[str, Any] = {"__package__": package, "found": []}
    exec("def serve(options, store): found.append((options, store))", namespace)
    command = click.command()(serving_options(click.option("--store")(namespace["serve"])))
    result = CliRunner(env=variables).invoke(command, ["--store", "here", *arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    options, store = namespace["found"].pop()
    assert isinstance(options, ServingOptions)
    assert store == "here"
    return options


def test_without_arguments_a_server_listens_on_any_free_loopback_port() -> None:
    assert received() == ServingOptions() == ServingOptions(host="127.0.0.1", port=0)


def test_every_option_reaches_the_command_beside_its_own() -> None:
    arguments = ["--host", "0.0.0.0", "--port", "8443", "--token-file", "t", "--tls-cert", "c", "--tls-key", "k"]
    names = ["--allow-host", "node-b", "--allow-host", "node-b.local"]
    assert received(*arguments, *names, "--lease", "--log-level", "info") == ServingOptions(
        host="0.0.0.0",
        port=8443,
        token_file=Path("t"),
        tls_cert=Path("c"),
        tls_key=Path("k"),
        allow_host=("node-b", "node-b.local"),
        lease=True,
        log_level="info",
    )


def test_options_come_from_the_environment_named_after_the_package() -> None:
    variables = {"LOOPCUTTER_DEMO_PORT": "8443", "LOOPCUTTER_DEMO_ALLOW_HOST": "a b", "LOOPCUTTER_OTHER_PORT": "1"}
    assert received(**variables) == ServingOptions(port=8443, allow_host=("a", "b"))


def test_the_command_line_wins_over_the_environment() -> None:
    assert received("--port", "1", LOOPCUTTER_DEMO_PORT="2") == ServingOptions(port=1)
