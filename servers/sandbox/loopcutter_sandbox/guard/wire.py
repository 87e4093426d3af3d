"""Finds the machines that a program in another language speaks to, and the servers it opens to everyone.

A name of the language's network library and an address written out are enough; which of its ways leads there is not
followed. Python is read as a tree, so that a word in a text is no call.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace

from loopcutter_sandbox.guard.simple import Simple

_LIBRARY = re.compile(
    r"IO::Socket|LWP::|HTTP::Tiny|\bNet::\w|sockaddr_in|inet_aton|Mojo::UserAgent|WWW::Mechanize"
    r"|socket\(\w+,\s*[PA]F_INET"
    r"|\b(TCP|UDP|SSL)(Socket|Server)\b|Socket\.(tcp|udp|new|getaddrinfo)|URI\.open|open-uri|\bURI\(|Faraday"
    r"|HTTParty|RestClient|Resolv\b|\bDRb"
    r"|(require|import)\s*\(?\s*['\"](node:)?(net|tls|https?|http2|dgram|dns|ws|axios|got|node-fetch|undici"
    r"|request|ssh2|nodemailer)\b"
    r"|from\s+['\"](node:)?(net|tls|https?|dgram|dns|ws|axios|got)\b|\bfetch\s*\(|WebSocket|XMLHttpRequest|EventSource"
    r"|(Deno|Bun)\.(connect|listen|serve)|p?fsockopen|stream_socket_(client|server)|curl_(init|setopt)"
    r"|socket_(connect|bind)|\bmail\s*\("
    r"|ftp_connect|gethostbyname|dns_get_record|getmxrr|file_get_contents|fopen\s*\(\s*['\"](https?|ftp):|SoapClient"
    r"|require\W+socket|socket\.(tcp|http|connect|bind)|download\.file|socketConnection|readLines\(\s*['\"]http"
    r"|:gen_(tcp|udp)|gen_(tcp|udp):"
    r"|:httpc|httpc:|HTTPoison|Req\.(get|post)|new\s+java\.net\.\w+|new\s+(Server)?Socket\b|\.toURL\("
    r"|\bsocket\s+[\w.]+\s+\d+|TcpClient|Sockets\."
    r"|connect\s*\(|/inet[46]?/"
)
_LITERAL = re.compile(r"(['\"`])((?:\\.|(?!\1)[^\s])+)\1")
_AWK = re.compile(r"/inet[46]?/(?:tcp|udp|raw)/[^/\"]*/([^/\"\s]+)(?:/|\")")
_FILES = (
    r"js|mjs|cjs|ts|tsx|jsx|json|py|rb|pl|pm|php|txt|html?|css|md|rst|log|sock|ya?ml|toml|lock|cfg|ini|conf|csv"
    r"|tsv|xml|sql|db|sh|c|h|cc|cpp"
    r"|hpp|go|rs|java|lua|ex|exs|erl|gz|zip|tgz|tar|png|jpe?g|gif|svg|pdf|env|pem|key|crt|out|bin|bak|tmp|map"
    r"|wasm|vue|so|o|a|r|R|jl"
)
_HOST = re.compile(
    r"(?:[a-z][a-z0-9+.-]*://)?(?:[^@/\s]*@)?(?P<host>\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-fA-F:.]+\]"
    rf"|(?:[\w-]+\.)+(?!(?:{_FILES})\b)[a-z]{{2,}})(?::\d+)?(?:[/?#].*)?",
    re.IGNORECASE,
)
_URL = re.compile(
    r"(?:https?|ftp|wss?|ssh|tcp|udp|ldaps?|amqps?|rediss?)://(?:[^@/\s]*@)?(?P<host>\[[^\]]*\]|[^/:?#\s'\"`]+)"
)
_LONGEST = 4_000
_EVERYBODY = re.compile(r"0\.0\.0\.0|::|\[::\]")
_SERVES = re.compile(
    r"\b(listen|bind|serve|Server|createServer|start|httpd|socket_server|stream_socket_server)\b|\w+Server\b"
)
_PYTHON = re.compile(
    r"\b(socket|socketserver|urllib|urllib[23]|requests|httpx|aiohttp|paramiko|smtplib|ftplib|telnetlib|http"
    r"|asyncio|xmlrpc|websockets?|imaplib|poplib"
    r"|nntplib|dns|asyncssh|pysftp|boto3|grpc|pycurl|scapy|impacket|fabric|redis|pymongo|psycopg2?|pymysql|flask"
    r"|uvicorn|bottle|wsgiref|twisted|hypercorn)\b"
)
_SPEAKS = {
    "connect", "connect_ex", "sendto", "get", "post", "put", "patch", "delete", "head", "request", "urlopen",
    "urlretrieve", "Request", "stream",
    "create_connection", "open_connection", "gethostbyname", "gethostbyname_ex", "getaddrinfo", "gethostbyaddr",
    "sendmail", "SMTP", "SMTP_SSL",
    "ClientSession", "ws_connect", "Telnet", "FTP", "FTP_TLS", "HTTPConnection", "HTTPSConnection", "resolve",
    "ServerProxy", "client", "resource",
    "IMAP4", "IMAP4_SSL", "POP3", "POP3_SSL", "Connection", "Redis", "MongoClient", "setopt", "build_opener",
    "insecure_channel", "secure_channel",
    "create_datagram_endpoint", "sr1", "send", "sr", "retrieve", "retrbinary", "Session",
}  # fmt: skip
_OPENS = {
    "bind", "HTTPServer", "ThreadingHTTPServer", "TCPServer", "ThreadingTCPServer", "UDPServer", "run", "serve",
    "create_server", "start_server", "listen",
    "make_server", "run_app", "run_simple",
}  # fmt: skip


def spoken_to(text: str, simple: Simple) -> list[Simple]:
    """The connections of a program that is no Python, as commands in the place of `simple`."""
    text = text[:_LONGEST]
    found = [match[1] for match in _AWK.finditer(text)]
    everybody = False
    if _LIBRARY.search(text):
        for match in _LITERAL.finditer(text):
            found += _host(match[2])
            everybody = everybody or (_EVERYBODY.fullmatch(match[2]) is not None and _SERVES.search(text) is not None)
    return list(_said(found, everybody, simple))


def python_speaks_to(tree: ast.AST, text: str, simple: Simple) -> list[Simple]:
    """The connections of a Python program, as commands in the place of `simple`."""
    if not _PYTHON.search(text[:_LONGEST]):
        return []
    imported, called, literals = False, set(), []
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                imported = imported or any(_PYTHON.match(one.name) and one.name != "urllib.parse" for one in names)
            case ast.ImportFrom(module=str(module)):
                imported = imported or (bool(_PYTHON.match(module)) and module != "urllib.parse")
            case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)):
                called.add(name)
                imported = imported or name == "__import__"
            case ast.Constant(value=str(literal)):
                literals.append(literal)
    if not imported:
        return []
    found = [host for literal in literals if called & _SPEAKS for host in _host(literal)]
    return list(_said(found, bool(called & _OPENS) and any(map(_EVERYBODY.fullmatch, literals)), simple))


def _host(literal: str) -> list[str]:
    match = _URL.match(literal) or _HOST.fullmatch(literal)
    return [match["host"]] if match is not None else []


def _said(hosts: list[str], everybody: bool, simple: Simple) -> Iterator[Simple]:
    bare = replace(simple, upstream=(), document=None, reads=(), writes=())
    for host in list(dict.fromkeys(hosts))[:10]:
        yield replace(bare, words=("nc", host))
    if everybody:
        yield replace(bare, words=("nc", "-l", "0.0.0.0"))
