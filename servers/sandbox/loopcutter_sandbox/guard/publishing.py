"""Rules on publishing: nothing is uploaded to an index, a registry or a store, and no account there is touched."""

import re
from collections.abc import Iterator, Mapping

from loopcutter_sandbox.guard.simple import Simple
from loopcutter_sandbox.guard.verdict import Finding, block

_NPM = (
    r"publish|unpublish|login|adduser|logout|owner (add|rm).*|deprecate.*|dist-tag (add|rm|set).*|token (create"
    r"|revoke|delete).*"
    r"|access (?!ls|list|get).*|team (create|destroy|add|rm).*|stage .*|npm publish.*|profile set.*|hook (add"
    r"|rm).*|org (set|rm).*|star.*"
)
_ENGINE = (
    r"push|login|logout|image push|manifest push|buildx .*--push.*|build .*--push.*|compose push"
    r"|trust (sign|revoke)|commit.*--push"
)
_PUBLISHES: Mapping[str, str] = {
    "npm": _NPM, "yarn": _NPM, "pnpm": _NPM, "bun": _NPM, "lerna": r"publish", "changeset": r"publish",
    "jsr": r"publish",
    "twine": r"upload|register", "poetry": r"publish", "uv": r"publish", "flit": r"publish", "hatch": r"publish",
    "pdm": r"publish",
    "maturin": r"publish|upload", "anaconda": r"upload|login|remove", "setup.py": r".*\b(upload|register)\b",
    "cargo": r"publish|yank|login|logout|owner", "gem": r"push|yank|owner|signin",
    "mix": r"hex\.(publish|retire|owner|user).*",
    "rebar3": r"hex publish", "pod": r"trunk (push|delete|register|add-owner).*", "luarocks": r"upload",
    "deno": r"publish",
    "dart": r"pub publish", "flutter": r"pub publish", "nuget": r"push|delete|setapikey",
    "dotnet": r"nuget (push|delete)",
    "vsce": r"publish|unpublish|login", "ovsx": r"publish", "clojure": r"-T:build deploy", "lein": r"deploy.*",
    "cabal": r"upload", "stack": r"upload",
    "opam": r"publish", "swift": r"package-registry publish", "conan": r"upload", "vcpkg": r"x-upload.*",
    "helm": r"push|registry login",
    "docker": _ENGINE, "podman": _ENGINE, "nerdctl": _ENGINE, "docker-compose": r"push", "buildah": r"push|login",
    "skopeo": r"copy|delete|sync|login",
    "crane": r"push|copy|cp|delete|tag|mutate|append", "oras": r"push|copy|cp|login|attach",
    "ko": r"(build|publish|apply|resolve)", "kaniko": r".*",
    "cosign": r"sign|attest|upload", "goreleaser": r"release", "semantic-release": r".*", "release-it": r".*",
    "np": r".*",
    "fastlane": r"deliver|pilot|supply|release|beta|match", "eas": r"submit|update", "expo": r"publish",
    "surge": r".*", "gh-pages": r".*",
    "hub": r"release create.*", "snapcraft": r"upload|push|release|login", "charmcraft": r"upload|release",
    "flatpak-builder": r".*--publish.*",
    "hg": r"push .*(://|@).*|push .*(-f|--force)\b.*",
    "svn": r"(delete|rm|remove|mkdir|import|copy|cp|move|mv|propset|lock) .*://.*", "bzr": r"push .*",
    "fossil": r"push .*",
    "huggingface-cli": r"upload.*|login|repo (create|delete).*", "hf": r"upload.*|auth login|repo (create|delete).*",
    "kaggle": r".*(create|push|submit|version)\b.*",
    "wandb": r"login|sync", "dvc": r"push", "git-lfs": r"push", "ipfs": r"add|name publish|pin.*", "transfer": r".*",
    "croc": r"send.*", "wormhole": r"send.*|tx.*",
    "magic-wormhole": r".*", "ffsend": r"upload.*", "gist": r".*", "pastebinit": r".*", "termbin": r".*",
    "sentry-cli": r"releases.*|sourcemaps upload|login", "codecov": r".*",
    "arc": r"diff|land", "npm-publish": r".*", "conda": r"upload|build .*--upload.*",
}  # fmt: skip
"""By tool, what publishes, from the first word on."""
_BUILDS = re.compile(
    r"deploy|[\w-]+:deploy|release:perform|publish(?!.*Local$)\w*|[\w:]*:publish(?!.*Local$)\w*|uploadArchives"
    r"|closeAndRelease\w*|release"
)
_BUILDERS = {"mvn", "mvnw", "gradle", "gradlew", "sbt", "mill", "ant"}
_DRY = (
    "--dry-run",
    "-n",
    "--help",
    "-h",
    "--dryrun",
    "--version",
    "--snapshot",
    "--skip-publish",
    "--no-publish",
    "--skip-upload",
    "--simulate",
)


def publishing_rules(simple: Simple) -> Iterator[Finding]:
    """All that is to be said of what goes out under the user's name."""
    program, arguments = simple.program, simple.arguments
    said = ""
    if "setup.py" in arguments[:2]:  # a program of its own, whatever starts it
        program, arguments = "setup.py", arguments[arguments.index("setup.py") + 1 :]
    if program in _PUBLISHES and not (program not in ("docker", "podman", "hg") and simple.has(*_DRY)):
        words = [word for word in arguments if word not in ("-q", "-y", "-s", "--quiet", "--yes", "--silent")]
        joined = " ".join(words)
        pattern = _PUBLISHES[program]
        if re.match(rf"({pattern})(\s|$)", joined):
            said = " ".join((program, *words[:2]))
    elif program in _BUILDERS and any(map(_BUILDS.fullmatch, arguments)) and not simple.has("--dry-run", "-m"):
        said = f"{program} {next(filter(_BUILDS.fullmatch, arguments))}"
    elif simple.words[:2] in (("git", "send-email"), ("git", "request-pull")):
        said = " ".join(simple.words[:2])
    if said:
        yield block("publish", f"{said} publishes; that is for the user to do, outside of the sandbox")
