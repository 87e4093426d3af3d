"""What a Python program may name and still be plainly harmless, whatever it hands to it.

None of these runs other code, talks to a machine, or touches a file that it is not given opened; those that take paths
are in `plain_python`, which looks at the paths.
"""

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


BUILTINS = _words("""
    print len str int float bool list dict set tuple frozenset sorted reversed enumerate zip range map filter
    min max sum abs round any all repr ascii chr ord hex bin oct isinstance issubclass callable iter next slice
    divmod pow format bytes bytearray complex hash id dir exit quit input type True False None Ellipsis
    NotImplemented __name__ __file__ BaseException Exception ArithmeticError AssertionError AttributeError
    EOFError FileExistsError FileNotFoundError ImportError IndexError IsADirectoryError KeyError
    KeyboardInterrupt LookupError ModuleNotFoundError NameError NotADirectoryError NotImplementedError OSError
    OverflowError PermissionError RecursionError RuntimeError StopIteration SyntaxError SystemExit TimeoutError
    TypeError UnicodeDecodeError UnicodeEncodeError UnicodeError ValueError ZeroDivisionError
""")
"""Functions and names that are always there."""

METHODS = _words("""
    capitalize casefold center count decode encode endswith expandtabs find format index isalnum isalpha isascii
    isdecimal isdigit isidentifier islower isnumeric isprintable isspace istitle isupper join ljust lower lstrip
    maketrans partition removeprefix removesuffix rfind rindex rjust rpartition rsplit rstrip split splitlines
    startswith strip swapcase title translate upper zfill hex fromhex append appendleft clear extend extendleft
    insert pop popleft popitem remove reverse rotate sort get items keys values setdefault update fromkeys
    most_common elements total subtract add discard difference intersection union issubset issuperset isdisjoint
    symmetric_difference difference_update intersection_update read readline readlines write writelines close
    flush seek tell writerow writerows writeheader getvalue match search fullmatch findall finditer sub subn
    group groups groupdict start end span exists is_file is_dir is_symlink stat iterdir glob rglob resolve
    absolute relative_to is_relative_to with_suffix with_name with_stem joinpath as_posix is_absolute expanduser
    strftime isoformat date time timestamp weekday isoweekday total_seconds astimezone hexdigest digest
    bit_length bit_count to_bytes from_bytes is_integer as_integer_ratio now today fromisoformat strptime utcnow
    fromtimestamp cwd home
""")
"""Methods that are harmless on any value such a program can have: of texts, lists, dictionaries, sets, open files,
patterns, paths that are only looked at, dates, numbers and digests."""

FIELDS = _words("""
    name stem suffix suffixes parent parents parts args year month day hour minute second microsecond days
    seconds stdout stderr returncode real imag numerator denominator major minor micro releaselevel st_size
    st_mtime st_mode lineno end_lineno col_offset id attr value func targets names module body decorator_list
    elts keys values test orelse op left right n s scheme netloc path query fragment hostname port pattern
    string errno strerror filename msg text columns lines total used free buffer encoding
""")
"""Plain data of such values."""

_FROM = {
    "sys": (
        "version version_info platform executable path argv maxsize byteorder implementation stdin stdout stderr "
        "exit getsizeof prefix base_prefix flags getdefaultencoding getfilesystemencoding getrecursionlimit "
        "hexversion copyright float_info int_info"
    ),
    "os": (
        "getcwd listdir getpid getppid cpu_count sep linesep name getenv scandir walk stat uname getuid getgid "
        "geteuid times urandom fspath pathsep curdir pardir environ.get"
    ),
    "os.path": (
        "abspath basename commonpath commonprefix dirname exists expanduser getmtime getsize isabs isdir isfile "
        "islink join normpath realpath relpath samefile split splitext sep"
    ),
    "json": "loads load dumps dump JSONDecodeError",
    "re": (
        "compile match search fullmatch findall finditer sub subn split escape I M S X IGNORECASE MULTILINE "
        "DOTALL VERBOSE ASCII error"
    ),
    "ast": (
        "parse dump walk unparse literal_eval get_docstring iter_child_nodes iter_fields Module Name Call "
        "Attribute Constant FunctionDef ClassDef AsyncFunctionDef Import ImportFrom Assign Expr Return If For "
        "While With Try Str Num"
    ),
    "math": ".*",
    "cmath": ".*",
    "statistics": "mean fmean median mode stdev pstdev variance pvariance quantiles",
    "string": (
        "ascii_letters ascii_lowercase ascii_uppercase digits hexdigits punctuation printable whitespace capwords"
    ),
    "textwrap": "dedent indent wrap fill shorten",
    "pprint": "pprint pformat",
    "decimal": "Decimal",
    "fractions": "Fraction",
    "random": "random randint choice choices shuffle sample uniform randrange seed gauss",
    "secrets": "token_hex token_bytes token_urlsafe choice randbelow",
    "uuid": "uuid1 uuid3 uuid4 uuid5",
    "hashlib": "md5 sha1 sha224 sha256 sha384 sha512 blake2b blake2s sha3_256 new",
    "hmac": "new compare_digest",
    "zlib": "compress decompress crc32 adler32",
    "binascii": ".*",
    "base64": (
        "b64encode b64decode urlsafe_b64encode urlsafe_b64decode b32encode b32decode b16encode b16decode "
        "b85encode b85decode"
    ),
    "struct": "pack unpack calcsize iter_unpack",
    "html": "escape unescape",
    "urllib.parse": (
        "quote quote_plus unquote unquote_plus urlparse urlsplit urlencode urljoin urlunparse urlunsplit parse_qs "
        "parse_qsl"
    ),
    "difflib": "unified_diff context_diff ndiff SequenceMatcher get_close_matches",
    "fnmatch": "fnmatch filter translate",
    "glob": "glob iglob",
    "heapq": ".*",
    "bisect": ".*",
    "operator": "itemgetter add mul sub truediv eq lt gt le ge neg",
    "unicodedata": ".*",
    "itertools": ".*",
    "functools": "reduce partial cmp_to_key",
    "collections": "Counter defaultdict OrderedDict deque",
    "copy": "copy deepcopy",
    "datetime": "datetime date time timedelta timezone UTC",
    "time": "time sleep perf_counter monotonic strftime strptime gmtime localtime ctime process_time time_ns",
    "calendar": "month calendar monthrange isleap day_name month_name",
    "csv": "reader writer DictReader DictWriter",
    "io": "StringIO BytesIO",
    "tomllib": "loads load",
    "typing": "Any List Dict Set Tuple Optional Union Callable Iterable Iterator Sequence Mapping",
    "platform": (
        "python_version system machine platform node release version processor python_implementation architecture"
    ),
    "pathlib": "Path PurePath PosixPath PurePosixPath",
    "importlib.metadata": "version",
    "shutil": "which disk_usage get_terminal_size",
    "socket": "gethostname getfqdn",
    "locale": "getlocale getpreferredencoding",
    "keyword": "kwlist iskeyword",
    "builtins": "print len",
    "subprocess": "PIPE DEVNULL STDOUT CalledProcessError",
}
NAMES = {
    module: re.compile("|".join(map(re.escape, names.split())) if names != ".*" else r"[a-zA-Z]\w*")
    for module, names in _FROM.items()
}
"""By module, what may be taken from it. All there is of those that are written in C and hold nothing but functions."""

MODULES = frozenset(NAMES) | {"shutil", "urllib", "importlib"}
"""Those that may be imported as such."""


def harmless(dotted: str) -> bool:
    """Whether `module.name` is one of these; a method of one, ``datetime.datetime.now``, is as well."""
    module, _, name = dotted.rpartition(".")
    while module:
        if module in NAMES:
            return NAMES[module].fullmatch(name) is not None or _is_method(module, name)
        module, _, before = module.rpartition(".")
        name = f"{before}.{name}"
    return False


def _is_method(module: str, name: str) -> bool:
    first, *rest = name.split(".")
    return (
        bool(rest)
        and NAMES[module].fullmatch(first) is not None
        and all(one in METHODS or one in FIELDS for one in rest)
    )
