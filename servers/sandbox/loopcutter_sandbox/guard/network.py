"""Rules on the network: a run has none, so what needs it is refused with a reason and not left to time out.

Allowed: every connection to this machine itself (a test may start a server), and what package managers and plain git
transfers do, for it is ordinary and fails by itself where there is no network.
"""

import re
from collections.abc import Iterator

from loopcutter_sandbox.guard.place import Places
from loopcutter_sandbox.guard.script import script_of
from loopcutter_sandbox.guard.simple import UNKNOWN, Simple
from loopcutter_sandbox.guard.verdict import Finding, block, opaque

_FETCHERS = {
    "curl", "wget", "wget2", "http", "https", "xh", "aria2c", "lynx", "w3m", "links", "links2", "elinks", "axel",
    "fetch", "curlie", "httrack",
    "youtube-dl", "yt-dlp", "gallery-dl", "you-get", "lwp-request", "lwp-download", "GET", "POST", "HEAD", "websocat",
    "wscat", "grpcurl", 
    "ab", "wrk", "hey", "siege", "vegeta", "bombardier", "gdown", "transmission-cli",
}  # fmt: skip
_TALKERS = {
    "nc", "ncat", "netcat", "nc.openbsd", "nc.traditional", "socat", "telnet", "ssh", "sftp", "scp", "ftp",
    "tftp", "rsh", "rlogin", "nmap", "masscan", "ping", "ping6", "dig", "nslookup", "host", "traceroute",
    "mosh", "rclone", "lftp", "ssh-copy-id", "ssh-keyscan", "sshfs", "smbclient", "whois", "iperf", "iperf3",
    "mtr", "tracepath", "sshpass", "autossh", "mail", "mailx", "sendmail", "swaks",
    "mutt", "neomutt", "msmtp", "s-nail", "nail", "ssmtp", "esmtp", "exim", "finger", "irssi", "weechat", "wakeonlan",
    "etherwake", "ntpq", "curlftpfs",
    "smbget", "davfs2", "cadaver", "rdesktop", "xfreerdp", "vncviewer", "nbd-client", "telnet-ssl", "dog", "drill",
    "doggo", "kdig", "delv",
}  # fmt: skip
_TUNNELS = {
    "ngrok", "cloudflared", "localtunnel", "lt", "tailscale", "frpc", "frps", "chisel", "tor", "sshuttle", "iodine",
    "gost", "bore", "zrok", "inlets",
    "zerotier-cli", "nebula", "proxychains", "proxychains4", "torify", "dns2tcp", "ptunnel", "hans", "stunnel",
    "udp2raw", "v2ray", "xray", "ss-local",
    "wstunnel", "expose", "pagekite", "pagekite.py", "telebit", "rathole", "ligolo-ng", "dnscat", "dnscat2",
    "wireproxy", "mitmproxy", "mitmdump",
}  # fmt: skip
_ATTACKS = re.compile(
    r"hping3?|nping|zmap|rustscan|unicornscan|arp-?scan|arpspoof|arping|netdiscover|fping|amass|subfinder"
    r"|sublist3r|theHarvester|dnsrecon|dnsenum|fierce"
    r"|gobuster|dirb|dirbuster|feroxbuster|ffuf|wfuzz|nikto|wpscan|nuclei|sqlmap|xsser|commix|hydra|medusa|ncrack"
    r"|patator|crowbar|john|hashcat"
    r"|crackmapexec|netexec|nxc|evil-winrm|responder|Responder\.py|bettercap|ettercap|dsniff|mitm6|impacket-\w+"
    r"|secretsdump(\.py)?|psexec(\.py)?|smbmap"
    r"|smbexec(\.py)?|wmiexec(\.py)?|rpcclient|enum4linux(-ng)?|snmpwalk|snmpget|snmpset|showmount|onesixtyone"
    r"|nbtscan|msfconsole|msfvenom|meterpreter"
    r"|setoolkit|beef|aircrack-ng|aireplay-ng|airmon-ng|airodump-ng|reaver|wifite|kismet|slowloris|goldeneye|loic"
    r"|hulk|t50|tcpdump|tshark|dumpcap|wireshark"
    r"|ngrep|tcpflow|tcpreplay|netsniff-ng|scapy|yersinia|macof|ysoserial|linpeas(\.sh)?|pspy\d*|xmrig"
    r"|searchsploit|sliver|empire|bloodhound(-python)?"
)
"""Tools that attack or listen to others; a capture that is read from a file is none of that."""
_HOST = re.compile(
    r"(?:[a-z][a-z0-9+.-]*://)?(?:[^/@\s]*@)?(\[[0-9a-fA-F:.]*\]|[^/:?#\s]+)(?::[^/?#]*)?(?:[/?#].*)?", re.I
)
_LOCAL = re.compile(r"localhost|([\w-]+\.)*localhost|127(\.\d+){1,3}|\[?::1\]?|0\.0\.0\.0|\[::\]")
_VALUED = {
    "curl": "-o -H -d -X -A -u -b -c -e -F -m -w -T -D -E -x -K -Y -y -r -C -z --output --header --data --data-raw"
    " --data-binary --data-urlencode --json --request --user-agent --user --cookie --cookie-jar --form --max-time"
    " --connect-timeout --write-out --retry --retry-delay --cacert --cert --key --unix-socket --upload-file --proxy",
    "wget": "-O -o -P -t -T -U -i -e -w -Q --header --tries --timeout --output-document --directory-prefix",
    "ssh": "-i -p -l -o -F -L -R -D -J -b -c -E -m -W",
    "ping": "-c -i -w -W -s -t -I",
    "nc": "-w -p -s -q -i -x -X",
}
"""The options of a program whose value is a word of its own, so that it is not taken for an address."""
_SAME = {"ncat": "nc", "netcat": "nc", "nc.openbsd": "nc", "nc.traditional": "nc", "ping6": "ping", "sftp": "ssh"}
_INSTALLERS = {
    "pip", "pip3", "pipx", "uv", "npm", "npx", "yarn", "pnpm", "gem", "cargo", "go", "conda", "mamba", "easy_install",
    "cpan", "cpanm", "luarocks", "composer", "apt", "apt-get", "dpkg", "rpm", "dnf", "yum", "brew", "deno",
}  # fmt: skip
_FORGES = re.compile(
    r"(^|\.)(github\.com|githubusercontent\.com|gitlab\.com|bitbucket\.org|codeberg\.org|pypi\.org|pythonhosted\.org"
    r"|npmjs\.org|npmjs\.com|yarnpkg\.com|rubygems\.org|crates\.io|golang\.org|pytorch\.org|debian\.org|ubuntu\.com)$"
)


def network_rules(simple: Simple, places: Places) -> Iterator[Finding]:
    """All that is to be said of the connections a command makes."""
    program, words = simple.program, simple.words
    if program in _FETCHERS or program in _TALKERS:
        yield from _addressed(simple)
    elif program in _TUNNELS and (simple.arguments or program == "tor"):
        yield block("network", f"{program} opens a tunnel to the outside; test against localhost instead")
    elif _ATTACKS.fullmatch(program) and simple.arguments and not simple.has("-r", "--version", "--help", "-V"):
        yield block("network", f"{program} attacks or listens to others; leave that alone")
    elif program == "rsync" and any(re.match(r"[\w.@-]+:|rsync://", word) for word in simple.operands):
        yield _no_network(program, "another machine")
    elif program == "openssl" and words[1:2] == ("s_client",):
        yield from _addressed(simple, simple.value("-connect"))
    elif program == "git":
        yield from _git(simple, places)
    if program in _INSTALLERS or words[1:3] == ("-m", "pip") or words[:2] == ("git", "clone"):
        yield from _installed(simple)
    if simple.upstream and script_of(simple) is not None:
        yield from _downloaded(simple)


def _installed(simple: Simple) -> Iterator[Finding]:
    """Code from a place that the command names: what is fetched runs, at the latest when it is imported."""
    for word in (*simple.arguments, *(value for _, value in simple.settings)):
        match = re.search(r"(?P<kind>[a-z+]+)://(?:[^/@]*@)?(?P<host>[^/:]+)", word)
        if match is None or _LOCAL.fullmatch(match["host"]):
            continue
        host, plain = match["host"], match["kind"].endswith("http") and simple.program != "git"
        if plain or re.fullmatch(r"[\d.]+|\[.*", host):
            yield block(
                "network",
                f"{simple.program} would take code from {host}, which nobody vouches for; use the usual index",
            )
        elif simple.program != "git" and not _FORGES.search(host):
            yield opaque(
                "hidden-program", f"what {simple.program} fetches from {host} can't be told; use the usual index"
            )


def _downloaded(simple: Simple) -> Iterator[Finding]:
    waiting, seen = list(simple.upstream), set[int]()
    while waiting:
        source = waiting.pop()
        if id(source) in seen:
            continue
        seen.add(id(source))
        if source.program in _FETCHERS:
            yield block(
                "pipe-to-shell",
                f"what {source.program} fetches would be run unread by {simple.program}; "
                "put a script into the workspace, read it and run that",
            )
            return
        waiting += source.upstream


def _no_network(program: str, host: str) -> Finding:
    return block(
        "network",
        f"{program} would connect to {host}, and there is no network here; use files in the workspace, "
        "or a server on localhost",
    )


def _addressed(simple: Simple, given: str | None = None) -> Iterator[Finding]:
    """An address that is not this machine's, or can't be told."""
    program = simple.program
    addresses = [given] if given is not None else _addresses(simple)
    if simple.has("-l", "--listen") and program in ("nc", "ncat", "netcat") and not simple.has("-e", "-c", "--exec"):
        return
    if program in ("nc", "ncat", "netcat") and simple.has("-U", "--unixsock"):
        return
    if program in ("nc", "ncat", "netcat", "socat") and (
        simple.has("-e", "--exec", "--sh-exec") or _gives_a_shell(simple)
    ):
        yield block("network", f"{program} would hand a shell to whoever connects; run the command itself instead")
        return
    for address in addresses:
        match = _HOST.fullmatch(address)
        host = match[1] if match else address
        if _LOCAL.fullmatch(host):
            continue
        if UNKNOWN in host and not re.search(r"\.[\w-]+\.[a-z]{2,}$", host):
            yield opaque("computed-address", f"where {program} connects to is only known when it runs; write it out")
        else:
            yield _no_network(program, host.replace(UNKNOWN, "…")[:100])
        return


def _gives_a_shell(simple: Simple) -> bool:
    return simple.program == "socat" and any(re.match(r"(exec|system):", word, re.I) for word in simple.arguments)


def _addresses(simple: Simple) -> list[str]:
    program = simple.program
    valued = _VALUED.get(_SAME.get(program, program), "").split()
    operands, words = [], list(simple.arguments)
    while words:
        word = words.pop(0)
        if word in valued or (valued and re.fullmatch(r"-[A-Za-z]{2,}", word) and f"-{word[-1]}" in valued):
            words[:1] = []
        elif word.startswith("--url="):
            operands.append(word[6:])
        elif not word.startswith("-"):
            operands.append(word)
    if program in ("http", "https", "xh"):
        shown = [word for word in operands if not word.isupper()][:1]
        return ["localhost" if word.startswith(":") else word for word in shown]
    if program in ("wget", "curl", "aria2c", "lynx", "w3m", "links", "axel", "fetch"):
        return operands
    if program in _FETCHERS:
        return [word for word in operands if re.search(r"://|\w\.\w", word)]
    if program == "socat":
        found = [re.search(r"(?:tcp|udp|openssl|ssl)[46]?(?:-connect)?:([^:,]+)", word, re.I) for word in operands]
        return [match[1] for match in found if match]
    if program == "scp":
        return [word.partition(":")[0] for word in operands if ":" in word]
    if program in (
        "mail",
        "mailx",
        "sendmail",
        "swaks",
        "rclone",
        "lftp",
        "mutt",
        "neomutt",
        "msmtp",
        "s-nail",
        "nail",
        "ssmtp",
        "esmtp",
        "exim",
    ):
        return [program] if operands else []
    return operands[:1]


def _git(simple: Simple, places: Places) -> Iterator[Finding]:
    words = simple.arguments
    if words[:1] == ("remote",) and words[1:2] in (("add",), ("set-url",)):
        places.remotes.update(simple.operands[2:3])
    if "push" not in words[:4] or "stash" in words[:2]:
        return
    rest = words[words.index("push") + 1 :]
    forced = {"--force", "-f", "--mirror", "--delete", "-d", "--all", "--prune"} & simple.flags
    refspec = any(word.startswith(("+", ":")) for word in rest)
    if forced or refspec or simple.has("--force-with-lease"):
        yield block("publish", "this push would overwrite or remove what others have; leave pushing to the user")
    elif places.remotes & set(rest or places.remotes):
        yield block("publish", "this push would send the code to a place named just now; leave pushing to the user")
    elif any("://" in word or re.match(r"[\w.-]+@[\w.-]+:", word) for word in rest):
        yield block("publish", "this push would send the code to another place; leave pushing to the user")
