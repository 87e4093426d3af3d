"""Rules on servers: what listens on this machine alone is for tests, what listens to everyone is refused."""

import re
from collections.abc import Iterator

from loopcutter_sandbox.guard.simple import Simple
from loopcutter_sandbox.guard.verdict import Finding, block

_EVERYBODY = re.compile(r"([a-z]+://)?(0\.0\.0\.0|\[::\]|::|\[::0\]|::0|\*)(:\d+)*(/.*)?")
_OPTION = re.compile(
    r"--?(b|bind|bind-addr|bind-address|bind_ip|host|hostname|h|H|ip|a|addr|address|l|L|listen|listen-address"
    r"|interface|i|S"
    r"|server|p|publish|http|listen-host|web-host|server\.address|server\.host|http-host|rpc-addr|bind-host|serve)"
)
"""How servers call the address that they listen on."""
_SETTING = re.compile(r"(\w+_)?(HOST|BIND|ADDR|ADDRESS|LISTEN|IP|BIND_ADDRESS)|ASPNETCORE_URLS")
_NO_SERVERS = re.compile(
    r"curl|wget|https?|xh|ping6?|echo|printf|e?grep|rg|sed|awk|git|jq|test|\[|psql|pg_\w+|mysql\w*|mariadb\w*"
    r"|mongosh?|redis-cli|ssh|nmap"
    r"|nslookup|dig|host|cat|tee|export|find|ab|wrk|hey|siege|pytest|sort|ls|docker|podman|sudo|env|timeout|nohup|xargs"
)
"""They connect to that address, or only speak of it; what a wrapper starts is judged by itself."""
_NAMED = re.compile(r"runserver|serve|dev|start|server|http\.server|preview")
"""A way of starting a server after which an address may stand by itself."""
_LETS_IN = re.compile(
    r"sshd|dropbear|x11vnc|x0vncserver|(tiger|tight)?vncserver|Xvnc|xrdp|(in\.)?telnetd|ttyd|gotty|wetty"
    r"|websocketd|tmate|(vs)?ftpd"
    r"|pure-ftpd|proftpd|(in\.)?tftpd|rshd|rlogind|smbd|nfsd|rpcbind|distccd|inetd|xinetd|teamviewer\w*|anydesk"
    r"|rustdesk|upterm|sshx|shellinaboxd"
)
"""Servers that give a shell, a screen or files to whoever logs in."""
_OF_GIT = (("git", "daemon"), ("git", "instaweb"))
_ANY = {"--bind_ip_all", "--listen-all", "--host-all"}


def listening_rules(simple: Simple) -> Iterator[Finding]:
    """All that is to be said of the addresses a command listens on."""
    program, arguments = simple.program, simple.arguments
    if _LETS_IN.fullmatch(program) and not simple.has("-t", "-T", "--version", "--help", "-V", "--test"):
        yield block("network", f"{program} would let others in; test against a server on localhost instead")
    elif program in ("nc", "ncat", "netcat", "nc.openbsd", "nc.traditional"):
        if simple.has("-l", "--listen") and not simple.has("-U", "--unixsock") and not _bound_here(simple):
            yield _listens(program)
    elif program == "socat":
        ends = [
            word
            for word in arguments
            if re.match(r"(tcp|udp|openssl|ssl|sctp|vsock)\d?-(l|listen|recv\w*):", word, re.I)
        ]
        if any(not re.search(r"bind=(127\.|localhost|\[?::1)", word) for word in ends):
            yield _listens(program)
    elif simple.words[:2] in _OF_GIT or _ANY & set(arguments) or _to_everybody(simple):
        yield _listens(program)


def _bound_here(simple: Simple) -> bool:
    return any(re.fullmatch(r"localhost|127(\.\d+){3}|::1|\[::1\]", word) for word in simple.arguments)


def _to_everybody(simple: Simple) -> bool:
    arguments = simple.arguments
    bare = simple.program.removesuffix(".py")
    if _NO_SERVERS.fullmatch(bare) and bare not in ("docker", "podman"):
        return False
    for at, word in enumerate(arguments):
        option, sign, value = word.partition("=")
        if sign and _OPTION.fullmatch(option) and _EVERYBODY.fullmatch(value):
            return True
        if not _EVERYBODY.fullmatch(word) or word == "*":
            continue
        before = arguments[at - 1] if at else ""
        if _OPTION.fullmatch(before) or _NAMED.fullmatch(before) or (before and _NAMED.fullmatch(arguments[0])):
            return True
    return any(_SETTING.fullmatch(name) and _EVERYBODY.fullmatch(value) for name, value in simple.settings)


def _listens(program: str) -> Finding:
    return block("network", f"{program} would listen to everyone who can reach this machine; bind it to 127.0.0.1")
