"""Rules on tools that act on a service elsewhere with the user's rights: whatever is not a way of looking changes it.

A tool whose name may also be another program's is only held to the words that change something wherever they stand.
"""

import re
from collections.abc import Iterator, Mapping

from loopcutter_sandbox.guard.simple import Simple
from loopcutter_sandbox.guard.verdict import Finding, block

_LOOKS = re.compile(
    r"([\w-]+:)?((list|get|describe|show|head|lookup|batch-get|search|filter|select|validate|estimate|simulate"
    r"|view|print"
    r"|query|test)(-[\w-]+)?|ls|info|status|version|help|logs?|tail|diff|plan|preview|lint|fmt|format|check"
    r"|checks|inspect"
    r"|find|doctor|whoami|top|ps|current|history|events|explain|graph|console|outputs?|completion|wait|versions|about"
    r"|releases|members|usage|stat|cat|du)"
)
"""What looking is called everywhere."""
_KUBECTL = r"api-resources|api-versions|cluster-info|can-i|kustomize|options|plugin|exec|rsh|projects?"
_TERRAFORM = r"init|providers|workspace|select|new|render-json|hclfmt|hclvalidate|get|output-module-groups"
_MORE: Mapping[str, str] = {
    "terraform": _TERRAFORM, "tofu": _TERRAFORM, "terragrunt": _TERRAFORM,
    "aws": r"presign|scan", "az": r"build", "gcloud": "", "gsutil": r"hash", "bq": "", "doctl": "", "hcloud": "",
    "linode-cli": "", "scw": "", "ibmcloud": "", "openstack": "", "oci": "", "aliyun": "", "vultr-cli": "", "upctl": "",
    "kubectl": _KUBECTL, "oc": _KUBECTL,
    "helm": r"template|dependency|dep|package|create|env|verify|pull|repo|add|update-repos",
    "helmfile": r"template|build|deps", "pulumi": r"new|init|select|org|schema|convert",
    "heroku": r"apps|config|config:get|domains|addons|regions|local|pg|pg:ps|git:remote|plugins|run:inside",
    "fly": r"platform|dig|launch-plan", "flyctl": r"platform|dig",
    "vercel": r"dev|build|pull", "netlify": r"dev|build|watch|serve|functions:(serve|build|create)|open|api-list",
    "firebase": r"serve|emulators:.*|use|init|setup:.*|functions:(log|shell)|apps:sdkconfig|experiments",
    "supabase": r"start|stop|init|gen|new|serve|reset|migration|squash", "railway": r"variables|docs|open|run|shell",
    "wrangler": r"dev|types|docs|init|generate|startup", "amplify": r"mock|codegen|models",
    "serverless": r"offline|package|local|create|config", "sls": r"offline|package|local|create|config",
    "cdk": r"synth(esize)?|init|docs|context|metadata|notices|acknowledge", "sam": r"build|local|init|pipeline",
    "eksctl": "", "kops": "", "nomad": r"node|job-status", "consul": r"catalog|monitor|agent", "vault": "",
    "argocd": r"version", "velero": "", "istioctl": r"analyze|proxy-.*|manifest-generate",
    "skaffold": r"build|render|diagnose|init",
    "packer": r"init|plugins", "eb": r"health|printenv|local|init", "rosa": "", "gkectl": "", "ecs-cli": "",
    "kamal": r"config|details|audit",
    "chalice": r"local|new-project|generate-.*|package", "zappa": r"init|package|template", "s3cmd": r"la",
    "planetscale": "",
    "kubeadm": r"config|token", "clusterctl": r"generate", "openshift-install": r"create-manifests",
    "eas": r"build:inspect|init",
    "waypoint": r"init", "dokku": r"apps|.*:report|.*:list", "confluent": "", "deployctl": "",
    "sst": r"dev|build|bind|shell",
    "okteto": r"namespace", "sentry-cli": r"info", "scalingo": "", "clever": "",
}  # fmt: skip
"""By tool, what else only looks, or stays on this machine."""
_HANDS = {
    "cf", "civo", "exo", "flux", "mc", "b2", "snow", "databricks", "pscale", "turso", "neonctl", "stripe", "copilot",
    "tctl", "temporal", "mongocli", "atlas", "render", "cap", "fab", "mina", "spin", "modal", "expo", "shipit", "dep",
    "nixops", "colmena", "caprover", "up", "apex", "claudia", "mup", "code-push", "argo", "tkn", "kn", "tilt", "dapr",
}  # fmt: skip
_REMOVAL = re.compile(
    r"([\w-]+:)?(delete|destroy|remove|terminate|deprovision|purge|wipe)(-[\w-]+)?|rm|rb|mb|rmi|uninstall|drain"
    r"|nuke|drop"
    r"|[\w-]+:(reset|rm|drop|kill)|--?destroy|--linked|undeploy|teardown|down|deregister-.*|revoke-.*"
)
_CHANGES = re.compile(
    r"([\w-]+:)?(deploy|undeploy|publish|rollback|promote|release|scale|submit|reconcile)(:.*)?|--deploy"
)
_VALUED = {
    "--profile", "--region", "--namespace", "-n", "--context", "--project", "-p", "--resource-group", "-g", "--app",
    "-a",
    "--subscription", "--config", "-c", "--kubeconfig", "--endpoint-url", "--output", "-o", "--token", "--stack", "-s",
    "--cluster", "--zone", "--location", "--cwd", "-C", "-f", "--file", "--filename", "--env", "--stage", "--address",
    "--scope", "-S", "--account", "--org", "--team", "-R", "--repo", "--kube-context", "--server", "-chdir", "--cloud",
}  # fmt: skip
_NEAR = re.compile(r"localhost|127\.0\.0\.1|\[::1\]|localstack|\b(kind|k3d)-|minikube|docker-desktop|rancher-desktop")
_FORGE = re.compile(
    r"(pr|mr|issue) (create|view|list|ls|status|diff|checks?|checkout|edit|comment|note|review|ready|develop"
    r"|reopen|update)"
    r"|repo (view|list|clone|set-default)|release (list|view|download)|(run|ci|workflow|cache|label|org|project"
    r"|ruleset|secret"
    r"|variable|extension|gist|codespace|alias|config|attestation|ssh-key|gpg-key) (list|view|watch|download|get"
    r"|verify|lint"
    r"|status|trace|clone|ls)|auth status|api .*|api|search .*|browse.*|status|version|help.*|completion.*|"
)
_BUCKET = re.compile(r"(s3|gs|az|b2|r2|oss)://.*")
_TELLS = re.compile(
    r"aws secretsmanager get-secret-value.*|aws ssm get-parameters?\b.*--with-decryption.*|aws sts (get-session"
    r"|assume).*"
    r"|aws ecr get-login-password.*|vault (read|kv get|token|login|print).*|gh auth token.*|gcloud auth print-.*"
    r"|az account get-access-token.*"
    r"|(kubectl|oc)\b.* get (-\S+ )*secrets?\b.* -o.*|pass (show|ls|-c|git|find|grep|edit|insert|rm"
    r"|[a-zA-Z][\w-]*/.*).*|gopass .*|op (item|read|get|document|inject|run|signin) ?.*"
    r"|bw (get|list|unlock|export|login).*|lpass .*|secret-tool (lookup|search|store|clear).*|doppler (secrets|run).*"
    r"|gpg2? .*--(export-secret-(sub)?keys|delete-secret-(and-public-)?keys?).*|keyctl (read|print|pipe|show).*"
    r"|chamber (read|export|exec).*"
    r"|gcloud secrets versions access.*|az keyvault secret (show|download).*|heroku (config:get|auth:token).*"
    r"|kwallet-query .*|keepassxc-cli .*"
    r"|git credential(-\S+)? (fill|get).*|docker-credential-\S+ (get|list).*|mimikatz.*|lazagne.*"
)
"""What prints passwords or keys."""


def remote_rules(simple: Simple) -> Iterator[Finding]:
    """All that is to be said of what a command does elsewhere."""
    program = simple.program
    if simple.has("--version", "--help"):
        return
    if _TELLS.fullmatch(" ".join((program, *simple.arguments[:12]))):
        yield block("secret", f"this {program} reads or changes passwords or keys; use made-up values instead")
    elif program in ("gh", "glab", "hub"):
        if not _on_a_forge(simple):
            yield _changes(program)
    elif (program in _MORE or program in _HANDS) and not _dry(simple) and not _near(simple) and _alters(simple):
        yield _changes(program)


def _verbs(simple: Simple) -> tuple[str, ...]:
    """The first words that are neither options nor values of those that all such tools know."""
    found, words = [], iter(simple.arguments)
    for word in words:
        if word in _VALUED:
            next(words, None)
        elif not word.startswith("-"):
            found.append(word)
    return tuple(found[:5])


def _alters(simple: Simple) -> bool:
    program, verbs = simple.program, _verbs(simple)
    if any(map(_REMOVAL.fullmatch, (*simple.arguments[:5], *verbs[:4]))):
        return True
    if program in _HANDS:
        return any(map(_CHANGES.fullmatch, verbs[:3]))
    if any(map(_BUCKET.fullmatch, verbs)) and {"cp", "sync", "mv", "put", "rsync"} & set(verbs):
        return True
    if not verbs:  # alone they tell how they are used, but for the one that deploys what is here
        return program == "vercel" and "-v" not in simple.arguments
    more = re.compile(_MORE[program])
    return not any(_LOOKS.fullmatch(word) or more.fullmatch(word) for word in verbs[:4])


def _dry(simple: Simple) -> bool:
    if simple.has("--help", "--dryrun", "--noop", "--local", "--dry") or "-h" in simple.arguments:
        return True
    return simple.has("--dry-run", "-dry-run") and simple.value("--dry-run") != "none"


def _near(simple: Simple) -> bool:
    """Whether the service is on this machine: an address, or the context of a cluster for trying things."""
    return any(_NEAR.search(word) for word in (*simple.arguments, *(value for _, value in simple.settings)))


def _on_a_forge(simple: Simple) -> bool:
    """Whether a forge's tool only looks, or does what everybody may do who works together there."""
    verbs = _verbs(simple)
    if verbs[:1] == ("api",):
        words, method = " ".join(simple.arguments), simple.value("-X", "--method")
        sends = simple.has("-f", "-F", "--field", "--raw-field", "--input") and "graphql" not in words
        return (method or "GET").upper() == "GET" and (method is not None or not sends) and "mutation" not in words
    if simple.program == "hub":
        return verbs[:1] not in (("delete",), ("create",), ("release",), ("merge",))
    return _FORGE.fullmatch(" ".join(verbs[:2])) is not None and not simple.has("--delete-branch")


def _changes(program: str) -> Finding:
    return block("remote-service", f"{program} would change something on a remote service; leave that to the user")
