"""Runs that go round in circles. Each function returns the step at which the first repeated unit begins."""

from world import CART, PRICE, World

_FAILS = {"test_discount": "assert 190 == 180"}
_TALK = (
    "Let me try that again.", "I think I see it now.", "One more small change.", "This should do it.",
    "Looking at the failure, the line is wrong.", "Let me fix it properly.", "A cleaner version.", "Now it must work.",
    "Hm, not yet.", "Let me double check the sum.",
)  # fmt: skip


def _attempts(world: World, sources: list[str], stacked: bool = False, path: str = "shop/cart.py") -> int:
    """Edit, test, see the same failure; `stacked` edits what the edit before left, otherwise it is undone first."""
    world.open()
    world.test(_FAILS)
    start = len(world.events)
    now = PRICE
    for number, source in enumerate(sources):
        if not stacked and now != PRICE:
            world.put(path, CART)
            world.sh("git checkout -- shop/cart.py", "Updated 1 path from the index")
            now = PRICE
        world.edit(path, now, source, text=_TALK[number % len(_TALK)])
        world.test(_FAILS)
        now = source
    return start


def cosmetic_comments(world: World) -> int:
    """the same line with other comments (hard)"""
    return _attempts(
        world, [f"        # take {n}: {_TALK[n]}\n        return amount - discount * 1\n" for n in range(8)]
    )


def cosmetic_names(world: World) -> int:
    """the same body, the local variable renamed each time (hard)"""
    names = ("rate", "cut", "less", "minus", "rebate", "off", "drop", "share")
    return _attempts(world, [f"        {n} = discount / 1\n        return amount - {n}\n" for n in names], stacked=True)


def cosmetic_layout(world: World) -> int:
    """parentheses and blanks only (hard)"""
    shapes = (
        "return amount-discount*1", "return (amount - discount * 1)", "return amount - (discount * 1)",
        "return ( amount - discount*1 )", "return (\n            amount - discount * 1\n        )",
        "return amount - discount   * 1",
        "return ((amount) - (discount) * 1)",
    )  # fmt: skip
    return _attempts(world, [f"        {shape}\n" for shape in shapes])


def cosmetic_numbers(world: World) -> int:
    """a constant that doesn't matter moves up and down (hard)"""
    return _attempts(
        world, [f"        return round(amount - discount, {n})\n" for n in (2, 3, 4, 2, 5, 6, 8)], stacked=True
    )


def cosmetic_rewriting(world: World) -> int:
    """the same sum in other words: +=, a temporary, the operands turned round (hard)"""
    shapes = (
        "result = amount + 0 - discount\n        return result", "return 0 + amount - discount",
        "return amount + 0 - discount", "value = 0 + amount - discount\n        return value",
        "print(amount)\n        return amount + 0 - discount", "return (0 + amount) - discount",
        "total = amount + 0 - discount\n        print(total)\n        return total",
    )  # fmt: skip
    return _attempts(world, [f"        {shape}\n" for shape in shapes])


def cosmetic_javascript(world: World) -> int:
    """the same statement in another language, dressed anew each time (hard)"""
    world.files["web/cart.js"] = "function total(cart) {\n  return cart.sum - cart.discount;\n}\n"
    now = "  return cart.sum - cart.discount;\n"
    start = len(world.events)
    for number in range(7):
        new = f"  // attempt {number}\n  return cart.sum{' ' * (number % 3)}- (cart.discount || {number});\n"
        world.edit("web/cart.js", now, new, text=_TALK[number])
        took = 1.1 + number / 7
        world.sh(
            "npx jest web",
            f"FAIL web/cart.test.js\n  ● total\n    Expected: 180\n    Received: 190\nTime: {took:.2f} s",
            1,
        )
        now = new
    return start


def cosmetic_whole_file(world: World) -> int:
    """the whole file is written again, only comments and names differ (hard)"""
    world.open()
    world.test(_FAILS)
    start = len(world.events)
    for number in range(7):
        body = CART.replace("amount", ("amount", "total", "acc")[number % 3])
        world.write("shop/cart.py", f"# version {number}\n{body.replace('- discount', '- discount * 1')}")
        world.test(_FAILS)
    return start


def return_flip_flop(world: World) -> int:
    """an edit and its inverse in turn, tested each time (hard)"""
    return _attempts(world, ["        return amount + discount\n", PRICE] * 5, stacked=True)


def return_checkout(world: World) -> int:
    """one edit, taken back by git, and made again (hard)"""
    return _attempts(world, ["        return amount - discount * amount\n"] * 6)


def return_two_versions(world: World) -> int:
    """two versions of a file written in turn (hard)"""
    world.open()
    start = len(world.events)
    for number in range(10):
        world.write(
            "shop/cart.py", CART.replace("- discount", ("* discount", "/ discount")[number % 2]), text=_TALK[number]
        )
        world.test({"test_discount": ("assert 1900 == 180", "assert 19 == 180")[number % 2]})
    return start


def return_three_versions(world: World) -> int:
    """three edits go round, the tree returns every third (hard)"""
    return _attempts(
        world, ["        return amount + discount\n", "        return amount * discount\n", PRICE] * 4, stacked=True
    )


def return_stash(world: World) -> int:
    """stash and pop, test, stash and pop (hard)"""
    world.open()
    world.edit("shop/cart.py", PRICE, "        return amount + discount\n")
    edited = world.files["shop/cart.py"]
    start = len(world.events)
    for _ in range(6):
        world.put("shop/cart.py", CART)
        world.sh("git stash", "Saved working directory and index state WIP on main: 1a2b3c4 start")
        world.test(_FAILS)
        world.put("shop/cart.py", edited)
        world.sh("git stash pop", "Dropped refs/stash@{0}")
        world.test({"test_discount": "assert 210 == 180"})
    return start


def return_recreate(world: World) -> int:
    """a helper is deleted and created again with the same content (hard)"""
    world.open()
    start = len(world.events)
    for number in range(5):
        world.write("shop/helper.py", "def percent(x):\n    return x / 100\n", text=_TALK[number])
        world.test({"test_discount": "ImportError: cannot import name 'percent'"})
        world.put("shop/helper.py", None)
        world.sh("rm shop/helper.py", "")
        world.test({"test_discount": "ModuleNotFoundError: No module named 'shop.helper'"})
    return start


def paraphrase_pytest(world: World) -> int:
    """ten spellings of one test run on an unchanged tree (hard)"""
    world.open()
    start = len(world.events)
    for command in (
        "pytest", "python -m pytest -q", "pytest -v tests", "python3 -m pytest tests/ -x", "PYTHONPATH=. pytest -q",
        "py.test --tb=short", "pytest -rA | tail -20", "cd . && pytest -q 2>&1", "uv run pytest",
        "timeout 60 pytest -q",
    ):  # fmt: skip
        world.test(_FAILS, command=command)
    return start


def paraphrase_list(world: World) -> int:
    """ten ways to list one folder (hard)"""
    world.open()
    start = len(world.events)
    for command in (
        "ls shop",
        "ls -la shop",
        "ls -1 shop/",
        "dir shop",
        "ls ./shop",
        "ls -a shop",
        "cd shop && ls",
        "ls -lh shop",
    ):
        long = "-l" in command
        world.sh(command, "total 8\n-rw-r--r-- 1 u u 380 cart.py" if long else "cart.py")
    return start


def paraphrase_read(world: World) -> int:
    """eight ways to show one file (hard)"""
    world.open()
    start = len(world.events)
    for command in (
        "cat shop/cart.py", "cat ./shop/cart.py", "head -100 shop/cart.py", "sed -n '1,50p' shop/cart.py",
        "less shop/cart.py",
        "cat shop/cart.py | head -40", "tail -n +1 shop/cart.py", "more shop/cart.py", "cat shop/cart.py",
    ):  # fmt: skip
        world.sh(command, CART.rstrip())
    return start


def paraphrase_grep(world: World) -> int:
    """one word looked for in ever narrower places where it cannot be (hard)"""
    world.open()
    start = len(world.events)
    for command in (
        "grep -rn net_total .", "grep -rn 'net_total' shop/", "rg net_total", "grep -R \"net_total\" shop tests",
        "ag net_total",
        "git grep -n net_total", "grep -rni net_total shop/cart.py", "rg -n net_total tests",
    ):  # fmt: skip
        world.sh(command, "", 1)
    return start


def paraphrase_find(world: World) -> int:
    """one missing file looked for again and again (hard)"""
    world.open()
    start = len(world.events)
    for command in (
        "find . -name tax.py", "find . -name 'tax.py'", "find shop -name tax.py", "find . -type f -name tax.py",
        "find ./ -name \"tax.py\"",
        "find . -name tax.py 2>/dev/null", "find . -name tax.py | head",
    ):  # fmt: skip
        world.sh(command, "")
    return start


def paraphrase_appended(world: World) -> int:
    """the command grows by an echo, the answer stays (hard)"""
    world.open()
    start = len(world.events)
    for number in range(8):
        world.sh("cat VERSION" + " && echo done" * number, "1.0.3" + "\ndone" * number)
    return start


def volatile_clock(world: World) -> int:
    """asks for the second of the clock (hard)"""
    start = 0
    for number in range(30):
        world.sh("date +%S", f"{(number * 7 + 3) % 60:02d}", text="Waiting for the right second.")
    return start


def volatile_ids(world: World) -> int:
    """one refusal, a new request id each time (hard)"""
    world.open()
    start = len(world.events)
    for number in range(8):
        ident = f"{number * 987654321 + 12345:08x}-7b2c-4d1e-9a3f-{number * 123456789 + 99:012x}"
        world.note("http_post", {"url": "/v1/carts", "body": {"sku": 7}}, f"500 internal error, request {ident}", False)
    return start


def volatile_temporary(world: World) -> int:
    """one traceback through a new temporary folder each time (hard)"""
    world.open()
    start = len(world.events)
    for number in range(8):
        world.sh(
            "python build.py",
            f'File "/tmp/build-{number * 7919:x}/setup.py", line 3\nImportError: no module named wheelhouse',
            1,
        )
    return start


def volatile_counter(world: World) -> int:
    """bash counts its own lines (hard)"""
    world.open()
    start = len(world.events)
    for number in range(8):
        world.sh(
            "public int size() {",
            f"bash: line {18156 + 2 * number}: syntax error near unexpected token `('",
            2,
            text=_TALK[number],
        )
    return start


def volatile_order(world: World) -> int:
    """one list of findings in another order each time (hard)"""
    world.open()
    start = len(world.events)
    found = ["a.py:1 unused import", "b.py:7 undefined name", "c.py:3 line too long", "d.py:9 bare except"]
    for number in range(8):
        world.sh("ruff check .", "\n".join(found[number % 4 :] + found[: number % 4]), 1)
    return start


def volatile_timing(world: World) -> int:
    """a build that fails alike, its timings and pid move (hard)"""
    world.open()
    start = len(world.events)
    for number in range(8):
        world.sh(
            "make",
            f"[pid {4000 + 17 * number}] compiling\nld: symbol(s) not found: _total\nfailed after "
            f"{3 + number * 0.37:.2f}s",
            2,
        )
    return start


def cycle_three(world: World) -> int:
    """three reads in rotation (easy)"""
    for name in ("a", "b", "c"):
        world.files[f"{name}.txt"] = f"this is {name}\n"
    for number in range(15):
        world.read(f"{'abc'[number % 3]}.txt")
    return 0


def cycle_six(world: World) -> int:
    """six searches in rotation, all in vain (hard)"""
    for number in range(24):
        word = ("Alpha", "Beta", "Gamma", "Delta", "Epsilon", "Zeta")[number % 6]
        world.note("search", {"pattern": word, "path": "src"}, f'No matches found for "{word}"')
    return 0


def cycle_eleven(world: World) -> int:
    """eleven pages read in rotation (hard)"""
    for number in range(44):
        world.note(
            "fetch_page", {"url": f"https://docs.example/p{number % 11}"}, f"page {number % 11}: nothing about carts"
        )
    return 0


def cycle_with_gaps(world: World) -> int:
    """a wrong path and a listing in turn, with something else thrown in (hard)"""
    world.open()
    start = len(world.events)
    for number in range(8):
        world.sh("cat shop/tax.py", "cat: shop/tax.py: No such file or directory", 1)
        if number in (2, 5):
            world.sh(f"echo {number}", str(number))
        world.sh("ls shop", "cart.py")
    return start


def cycle_interleaved(world: World) -> int:
    """a failing build between harmless looks around (hard)"""
    world.open()
    start = len(world.events)
    fillers = (
        ("pwd", "/w"),
        ("whoami", "dev"),
        ("uname", "Linux"),
        ("git branch", "* main"),
        ("python -V", "Python 3.12.1"),
        ("id -u", "0"),
    )
    for number in range(6):
        world.sh("npm run build", f"error TS2304: Cannot find name 'Cart'.\nFailed after {number + 2}.1s", 2)
        world.sh(*fillers[number])
    return start


def error_denied(world: World) -> int:
    """writes everywhere, permission denied everywhere (hard)"""
    world.open()
    start = len(world.events)
    for name in ("log", "log/app", "data", "cache", "run", "share", "lib", "spool"):
        world.sh(f"mkdir /var/{name}/shop", f"mkdir: cannot create directory '/var/{name}/shop': Permission denied", 1)
    return start


def error_command(world: World) -> int:
    """a compiler that isn't there, called in many ways (hard)"""
    world.open()
    start = len(world.events)
    for rest in (
        "-version",
        "Main.java",
        "-d out Main.java",
        "src/*.java",
        "-cp lib Main.java",
        "--help",
        "-Xlint Main.java",
    ):
        world.sh(f"javac {rest}", "bash: javac: command not found", 127)
    return start


def error_import(world: World) -> int:
    """other code, the same missing module (hard)"""
    world.open()
    start = len(world.events)
    for number in range(8):
        code = (
            f"import numpy as np\nx = np.arange({number + 3})\nprint(x.{('sum', 'mean', 'max', 'min')[number % 4]}())"
        )
        world.note("python", {"code": code}, "ModuleNotFoundError: No module named 'numpy'", False, _TALK[number])
    return start


def error_forbidden(world: World) -> int:
    """other repositories, the same 403 (hard)"""
    world.open()
    start = len(world.events)
    for number in range(9):
        world.note(
            "github_get",
            {"repo": f"acme/shop-{number}", "path": "README"},
            "403: resource not accessible by integration",
            False,
        )
    return start


def error_edit_not_found(world: World) -> int:
    """guesses at a text to replace that isn't in the file (hard)"""
    world.open()
    start = len(world.events)
    for number in range(8):
        world.edit(
            "shop/cart.py",
            f"        return amount - discount{' ' * number}  # v{number}\n",
            "        return 0\n",
            text=_TALK[number],
        )
    return start


def error_same_edit(world: World) -> int:
    """the same replacement of a text that isn't there (easy)"""
    world.open()
    start = len(world.events)
    for number in range(7):
        world.edit("shop/cart.py", "return total - discount", "return total", text=_TALK[number])
    return start


def noop_edit(world: World) -> int:
    """an edit that changes nothing, acknowledged each time (hard)"""
    world.open()
    start = len(world.events)
    for number in range(7):
        world.edit("shop/cart.py", PRICE, PRICE, text=_TALK[number])
    return start


def noop_write(world: World) -> int:
    """the file written as it is, tested, written as it is (hard)"""
    world.open()
    start = len(world.events)
    for number in range(6):
        world.write("shop/cart.py", CART, text=_TALK[number])
        world.test(_FAILS)
    return start


def stagnation_one_place(world: World) -> int:
    """other ideas for one line, the same failure word for word (hard)"""
    return _attempts(world, [
        f"        return {shape}\n" for shape in (
            "amount - abs(discount)", "max(amount - discount, 0)", "amount - (discount or 0)",
            "sum([amount, -discount])",
            "amount if not discount else amount - discount", "float(amount) - discount", "amount - int(discount)",
            "min(amount, amount - discount)", "amount - max(discount, 0)", "(lambda a, d: a - d)(amount, discount)",
        )
    ])  # fmt: skip


def stagnation_debugging(world: World) -> int:
    """prints are added and nothing is learnt from them (hard)"""
    return _attempts(world, [f"        print('debug {n}', amount)\n{PRICE}" for n in range(8)])


def stagnation_reworded(world: World) -> int:
    """a search reworded, the same hits (hard)"""
    world.open()
    start = len(world.events)
    for words in (
        "total discount",
        "discount total",
        "total, discount",
        "'discount' total",
        "(total) discount",
        "discount  total",
        "total|discount",
    ):
        world.note("search_docs", {"query": words}, "1. cart.md: totals\n2. price.md: discounts")
    return start


def poll_failed(world: World) -> int:
    """a pipeline that failed is asked again, its clock ticks (hard)"""
    world.open()
    start = len(world.events)
    for number in range(10):
        world.note(
            "ci_status", {"pipeline": 4711}, f'{{"status": "failed", "checked": "2026-03-01T10:{number:02d}:00Z"}}'
        )
    return start


def poll_done(world: World) -> int:
    """a job that is done is asked again (hard)"""
    world.open()
    start = len(world.events)
    for _ in range(9):
        world.sh("sleep 30; cat job.json", '{"state": "done", "rows": 812}')
    return start


def poll_endless(world: World) -> int:
    """a job that never moves is polled without a pause (hard)"""
    world.open()
    start = len(world.events)
    for _ in range(30):
        world.note("job_status", {"job": 3}, '{"state": "queued"}')
    return start


def poll_sleep_forever(world: World) -> int:
    """five minutes at a time, for hours, and nothing ever moves (hard)"""
    world.open()
    start = len(world.events)
    for _ in range(30):
        world.sh("sleep 600; tail -1 train.log", "epoch 1 running")
    return start


def reread_file(world: World) -> int:
    """one file read over and over (easy)"""
    start = 0
    for number in range(7):
        world.read("shop/cart.py", text=_TALK[number])
    return start


def reread_windows(world: World) -> int:
    """a file read once to its end, then again through shifted windows (hard)"""
    world.files["big.py"] = "".join(f"value_{number} = {number}\n" for number in range(1, 301))
    for first in range(1, 301, 50):
        world.read("big.py", first, first + 49)
    start = len(world.events)
    for number in range(16):
        first = 11 + (number * 37) % 240
        world.read("big.py", first, first + 49, text="Where was it again?")
    return start


def prose_paraphrased(world: World) -> int:
    """says the same in other words and does nothing (hard)"""
    world.user("Please fix the discount.")
    start = len(world.events)
    for words in (
        "I need to look at how the discount is computed in the cart before I change anything.",
        "Before I change anything I need to look at how the discount is computed in the cart.",
        "I should look at how the discount in the cart is computed before I change anything.",
        "Before changing anything I need to look at how the discount is computed in the cart.",
        "I need to look at how the cart discount is computed before I change anything.",
        "Before I change anything, I need to look how the discount is computed in the cart.",
    ):
        world.say(words)
    return start


def prose_nothing(world: World) -> int:
    """empty answers, one after the other (easy)"""
    world.user("Please fix the discount.")
    for _ in range(7):
        world.say("")
    return 1


def prose_chant(world: World) -> int:
    """one answer that repeats a sentence to its end (hard)"""
    world.user("What is wrong with the total?")
    world.say("The total is wrong because of the discount. " + "So we need to fix the discount in the total. " * 14)
    return 1


def prose_chant_late(world: World) -> int:
    """an answer that begins well and then repeats two lines (hard)"""
    world.user("Explain the cart.")
    begin = "The cart keeps a list of prices and quantities. Its total adds them up, and takes the discount off. "
    world.say(begin + "\nLet me check the tests now.\nI will check the tests again.\n" * 12)
    return 1


def prose_refused_format(world: World) -> int:
    """replies that are refused for their format, with other words each time (hard)"""
    world.open()
    start = len(world.events)
    for number in range(7):
        error = "Please always provide EXACTLY ONE action in triple backticks, found 0 actions."
        world.note("none", {}, error, False, f"{_TALK[number]} I will now look at module {number * 3} and its friends.")
    return start


def condense_only(world: World) -> int:
    """the context is condensed and condensed (hard)"""
    world.open()
    for _ in range(6):
        world.note("@condense", {}, "(context condensed)")
    return 2


def condense_reread(world: World) -> int:
    """condense, read the same file, condense, read the same file (hard)"""
    world.open()
    start = len(world.events)
    for _ in range(8):
        world.note("@condense", {}, "(context condensed)")
        world.read("shop/cart.py")
    return start


def paraphrase_fetch(world: World) -> int:
    """one address fetched in many ways (hard)"""
    world.open()
    start = len(world.events)
    for command in (
        "curl http://localhost:8000/health", "curl -s http://localhost:8000/health", "wget -qO- http://localhost:8000/health",
        "curl -sS http://localhost:8000/health/", "curl --silent http://localhost:8000/health | head -5",
        "http http://localhost:8000/health", "curl -s -L http://localhost:8000/health",
    ):  # fmt: skip
        world.sh(command, '{"detail": "database is locked"}')
    return start


def paraphrase_sql(world: World) -> int:
    """one query in capitals, with blanks, with a semicolon (hard)"""
    world.open()
    start = len(world.events)
    for query in (
        "select * from carts where id=7", "SELECT * FROM carts WHERE id=7", "select * from carts where id=7;",
        "select  *  from carts where id=7", "SELECT * from carts WHERE id=7;", "select * from carts where id=7 ;",
    ):  # fmt: skip
        world.note("sql", {"q": query}, "(0 rows)")
    return start


def cycle_read_and_refused_edit(world: World) -> int:
    """reads the file, edits what isn't in it, reads the file again (hard)"""
    world.open()
    start = len(world.events)
    for number in range(7):
        world.read("shop/cart.py", text="Let me look at the exact text.")
        world.edit("shop/cart.py", f"    return total - discount  # {number}\n", "    return total\n")
    return start


def return_renamed(world: World) -> int:
    """a file is moved away and back again (hard)"""
    world.open()
    start = len(world.events)
    for number in range(6):
        old, new = ("cart", "basket") if number % 2 == 0 else ("basket", "cart")
        world.files[f"shop/{new}.py"] = world.files.pop(f"shop/{old}.py")
        world.sh(f"git mv shop/{old}.py shop/{new}.py", "")
        world.test({"test_discount": f"ModuleNotFoundError: No module named 'shop.{old}'"})
    return start


def cosmetic_imports(world: World) -> int:
    """the same imports in another order each time (hard)"""
    names = ("decimal", "fractions", "math")
    orders = [(0, 1, 2), (2, 1, 0), (1, 0, 2), (0, 2, 1), (1, 2, 0), (2, 0, 1)]
    world.files["shop/sums.py"] = "total = None\n"
    now = "total = None\n"
    start = len(world.events)
    for order in orders:
        new = "".join(f"import {names[n]}\n" for n in order) + "total = None\n"
        world.edit("shop/sums.py", now, new)
        world.test({"test_discount": "TypeError: 'NoneType' object is not callable"})
        now = new
    return start


def volatile_commit(world: World) -> int:
    """amends a commit without a change, the hash moves (hard)"""
    world.open()
    start = len(world.events)
    for number in range(7):
        world.sh(
            "git commit --amend --no-edit",
            f"[main {number * 7654321 + 1048577:07x}a] fix discount\n 1 file changed, 1 insertion(+)",
        )
    return start


def prose_same_thought(world: World) -> int:
    """the same thought given to a tool over and over (hard)"""
    world.open()
    start = len(world.events)
    for number in range(6):
        thought = f"I should first check how the discount is computed in the cart. ({number})"
        world.note("think", {"thought": thought}, "Your thought has been logged.")
    return start


def noop_todo(world: World) -> int:
    """writes the same list of things to do (hard)"""
    world.open()
    start = len(world.events)
    for _ in range(7):
        world.note("todo_write", {"todos": [{"content": "fix the discount", "status": "open"}]}, "Todos updated.")
    return start


def volatile_reference(world: World) -> int:
    """one refusal with another reference word each time (hard)"""
    world.open()
    start = len(world.events)
    for word in ("KXQ-LOP", "ZZT-ABV", "MNO-QRS", "PLO-KJH", "WER-TYU", "BVC-XZA", "QAZ-WSX"):
        world.sh("./deploy staging", f"deployment refused, quote reference {word} when you ask for help", 1)
    return start
