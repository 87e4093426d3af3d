"""Rules on what others run: nothing is removed from a remote service, no remote database or machine is spoken to."""

import re
from collections.abc import Iterator

from loopcutter_sandbox.guard.simple import UNKNOWN, Simple
from loopcutter_sandbox.guard.verdict import Finding, block, opaque

_HANDS = {
    "aws", "gcloud", "gsutil", "bq", "az", "kubectl", "oc", "helm", "terraform", "tofu", "terragrunt", "pulumi",
    "heroku", "gh", "glab", "doctl", "fly", "flyctl", "vercel", "netlify", "firebase", "supabase", "railway",
    "render", "wrangler", "cf", "eksctl", "kops", "rosa", "ibmcloud", "linode-cli", "hcloud", "scw",
    "openstack", "nomad", "consul", "vault", "argocd", "flux", "serverless", "sls", "cdk", "sam", "amplify",
    "eb", "mc", "s3cmd", "b2", "snow", "databricks", "planetscale", "pscale", "turso", "neonctl", "stripe",
    "okteto", "copilot", "dokku", "sentry-cli", "tctl", "confluent", "oci", "exo", "vultr-cli", "civo",
    "aliyun", "upctl", "ecs-cli", "gkectl", "temporal", "mongocli", "atlas",
}  # fmt: skip
"""Programs that act on a service elsewhere with the user's rights."""
_REMOVAL = re.compile(
    r"([\w-]+:)?(delete|destroy|remove|terminate|deprovision|purge|wipe)(-[\w-]+)?|rm|rb|mb|rmi|uninstall|drain|nuke|drop"
    r"|[\w-]+:(reset|rm|drop|kill)|--?destroy|--linked|undeploy|teardown|down"
)
_LOCAL_ONLY = {"cdk", "supabase", "serverless", "sls"}
_LOCAL = re.compile(r"(localhost|([\w-]+\.)*localhost|127(\.\d+){1,3}|\[?::1\]?|0\.0\.0\.0|/.*|\.|@.*|)")
_CLIENTS = re.compile(
    r"psql|pg_(dump|dumpall|restore|basebackup|isready)|createdb|dropdb|createuser|dropuser|vacuumdb|reindexdb|pgbench|pgcli"
    r"|mysql(dump|admin|import|show)?|mariadb(-\w+)?|mycli|mongo(sh|dump|restore|export|import)?|redis-cli|valkey-cli|keydb-cli"
    r"|cqlsh|clickhouse(-client)?|influx|sqlcmd|bcp|snowsql|usql|etcdctl|rabbitmqadmin|mosquitto_(pub|sub)|kcat|kafkacat"
    r"|ldap(search|modify|delete|add)|memcached-tool|nats|cypher-shell|arangosh|couchbase-cli|trino|presto|beeline|impala-shell"
)
_CLIENT_HOST = ("-h", "--host", "--hostname", "--server", "-H", "-S", "--uri", "--endpoint", "--endpoints", "-b")
_REACHING = re.compile(
    r"(postgres(ql)?|mysql|mariadb|mongodb(\+srv)?|rediss?|amqps?|mssql|kafka|ldaps?|mqtts?|tcp|ftps?|sftp|smb|nfs|rsync"
    r"|telnet|ssh)://(?:[^/@\s]*@)?(?P<host>\[[^\]]*\]|[^/:?#\s]*)"
)
_ACROSS = {
    "ansible",
    "ansible-playbook",
    "ansible-pull",
    "pdsh",
    "pssh",
    "parallel-ssh",
    "clush",
    "salt",
    "knife",
    "puppet",
}
_SPEAKERS = {"echo", "printf", "grep", "egrep", "rg", "sed", "awk", "git", "export", "jq", "test", "["}


def service_rules(simple: Simple) -> Iterator[Finding]:
    """All that is to be said of what a command does elsewhere."""
    program, arguments = simple.program, simple.arguments
    if program in _HANDS and any(map(_REMOVAL.fullmatch, arguments[:5])) and not _dry(simple):
        yield block("remote-service", f"{program} would remove something on a remote service; leave that to the user")
    elif program in _ACROSS and simple.operands and not _on_this_machine(simple):
        yield block("network", f"{program} would act on other machines; do it in the workspace")
    elif _CLIENTS.fullmatch(program):
        yield from _database(simple)
    yield from _urls(simple)


def _dry(simple: Simple) -> bool:
    return simple.has("--help", "--dry-run", "--dryrun") and simple.value("--dry-run") != "none"


def _on_this_machine(simple: Simple) -> bool:
    words = " ".join(simple.arguments)
    return simple.has("--version", "--syntax-check", "--list-hosts", "--list-tasks", "--noop") or bool(
        re.search(r"\blocalhost\b|(-c|--connection)[ =]local\b|^apply\b|^(parser|module|config)\b", words)
    )


def _database(simple: Simple) -> Iterator[Finding]:
    for option in _CLIENT_HOST:
        host = simple.value(option)
        if host is None:
            continue
        if match := re.match(r"[a-z+]+://(?:[^/@]*@)?([^/:?#]*)", host):
            host = match[1]
        host = host.partition(":")[0] if host.count(":") == 1 else host
        if UNKNOWN in host:
            yield opaque("computed-address", f"where {simple.program} connects to is only known when it runs")
        elif not _LOCAL.fullmatch(host) and re.search(r"[.:]", host):
            yield _elsewhere(simple.program, host)


def _urls(simple: Simple) -> Iterator[Finding]:
    """An address in words that says by itself that somebody connects to it."""
    if simple.program in _SPEAKERS:
        return
    for word in simple.arguments:
        match = _REACHING.search(word) if "://" in word and " " not in word else None
        host = match["host"] if match is not None else ""
        if not _LOCAL.fullmatch(host) and UNKNOWN not in host and ("." in host or host.startswith("[")):
            yield _elsewhere(simple.program, host)
            return


def _elsewhere(program: str, host: str) -> Finding:
    return block(
        "network",
        f"{program} would connect to {host[:100]}, and there is no network here; use a server on localhost or a file",
    )
