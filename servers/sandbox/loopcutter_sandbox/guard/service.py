"""Rules on machines and databases elsewhere: none is spoken to."""

import re
from collections.abc import Iterator

from loopcutter_sandbox.guard.container import ELSEWHERE
from loopcutter_sandbox.guard.place import Places
from loopcutter_sandbox.guard.simple import UNKNOWN, Simple
from loopcutter_sandbox.guard.verdict import Finding, block, opaque

_LOCAL = re.compile(r"(localhost|([\w-]+\.)*localhost|127(\.\d+){1,3}|\[?::1\]?|0\.0\.0\.0|/.*|\.|@.*|)")
_CLIENTS = re.compile(
    r"psql|pg_(dump|dumpall|restore|basebackup|isready)|createdb|dropdb|createuser|dropuser|vacuumdb|reindexdb"
    r"|pgbench|pgcli"
    r"|mysql(dump|admin|import|show)?|mariadb(-\w+)?|mycli|mongo(sh|dump|restore|export|import)?|redis-cli"
    r"|valkey-cli|keydb-cli"
    r"|cqlsh|clickhouse(-client)?|influx|sqlcmd|bcp|snowsql|usql|etcdctl|rabbitmqadmin|mosquitto_(pub|sub)|kcat"
    r"|kafkacat"
    r"|ldap(search|modify|delete|add)|memcached-tool|nats|cypher-shell|arangosh|couchbase-cli|trino|presto"
    r"|beeline|impala-shell"
)
_EMPTIES = re.compile(
    r"\b(drop|truncate)\s+(database|schema|table|user|role|index|collection|keyspace|view|owned)?"
    r"|\bdelete\s+from\b(?!.*\bwhere\b)"
    r"|\b(flushall|flushdb|dropDatabase|deleteMany|shutdown)\b|\.drop\(|\balter\s+(user|role|system)\b|^drop$",
    re.IGNORECASE | re.DOTALL,
)
_CLIENT_HOST = ("-h", "--host", "--hostname", "--server", "-H", "-S", "--uri", "--endpoint", "--endpoints", "-b")
_REACHING = re.compile(
    r"(postgres(ql)?|mysql|mariadb|mongodb(\+srv)?|rediss?|amqps?|mssql|kafka|ldaps?|mqtts?|tcp|ftps?|sftp|smb"
    r"|nfs|rsync"
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


def service_rules(simple: Simple, places: Places) -> Iterator[Finding]:
    """All that is to be said of what a command does elsewhere."""
    program = simple.program
    if program in _ACROSS and simple.operands and not _on_this_machine(simple):
        yield block("network", f"{program} would act on other machines; do it in the workspace")
    elif _CLIENTS.fullmatch(program):
        yield from _database(simple)
        if places.workspace == ELSEWHERE:
            yield from _emptied(simple)
    yield from _urls(simple)
    yield from _set(simple)


def _emptied(simple: Simple) -> Iterator[Finding]:
    """What is thrown away in a database that somebody else has running."""
    if simple.program in ("dropdb", "dropuser") or any(
        map(_EMPTIES.search, (*simple.arguments, simple.document or ""))
    ):
        yield block(
            "remote-service", f"{simple.program} would remove data of a running service; use a database of your own"
        )


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


def _set(simple: Simple) -> Iterator[Finding]:
    """An address in a variable that is set for this program, or in what a client of databases is told in one word."""
    said = [value for name, value in simple.settings if "://" in value or re.fullmatch(r"\w*HOST(ADDR)?", name)]
    if _CLIENTS.fullmatch(simple.program):
        said += [match[1] for word in simple.arguments if (match := re.search(r"\bhost(?:addr)?=([^\s']+)", word))]
    for word in said:
        match = _REACHING.search(word)
        host = match["host"] if match is not None else word
        if "://" in word and match is None:
            continue
        if UNKNOWN not in host and not _LOCAL.fullmatch(host) and re.fullmatch(r"[\w-]+(\.[\w-]+)+", host):
            yield _elsewhere(simple.program, host)
            return


def _elsewhere(program: str, host: str) -> Finding:
    return block(
        "network",
        f"{program} would connect to {host[:100]}, and there is no network here; use a server on localhost or a file",
    )
