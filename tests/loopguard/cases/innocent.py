"""Runs that look like loops and are work. Each function stages one; `TWINS` says which loop it is the twin of."""

from world import CART, PRICE, World

TWINS = [
    ["cosmetic-comments", "shrinking-failures"], ["cosmetic-names", "signature-moves"], ["cosmetic-numbers",
    "tuning-measured"],
    ["cosmetic-layout", "batch-same-line"], ["return-flip-flop", "return-measured"], ["return-checkout",
    "mutation-testing"],
    ["return-stash", "red-green-check"], ["paraphrase-pytest", "verify-each-edit"], ["paraphrase-grep",
    "greps-for-many"],
    ["paraphrase-list", "lists-of-many"], ["volatile-clock", "poll-percent"], ["volatile-timing",
    "compile-errors-move"],
    ["cycle-three", "cycle-with-edits"], ["cycle-eleven", "release-procedure"], ["error-command",
    "tools-tried-in-turn"],
    ["error-forbidden", "errors-instructive"], ["noop-edit", "acknowledged-edits"], ["stagnation-one-place",
    "explores-files"],
    ["poll-failed", "poll-pending"], ["poll-sleep-forever", "poll-epochs"], ["reread-windows", "reread-before-edits"],
    ["reread-file", "reread-after-edits"], ["prose-paraphrased", "thinks-aloud"], ["prose-chant", "prose-table"],
    ["condense-reread", "condense-and-work"], ["error-edit-not-found", "edit-refused-twice"], ["cycle-interleaved",
    "retry-with-waits"],
    ["paraphrase-fetch", "downloads"], ["volatile-commit", "commits-in-a-row"], ["reread-file", "heads-of-files"],
    ["stagnation-reworded", "questions-differ"], ["poll-endless", "cursor-pages"], ["error-import",
    "installs-what-is-missing"],
]  # fmt: skip


def shrinking_failures(world: World) -> None:
    """eight red runs of one command, one failure less each time (hard)"""
    world.open()
    for left in range(8, 0, -1):
        failed = {f"test_{n}": f"assert {n} == {n + 1}" for n in range(left)}
        world.test(failed, [f"test_{n}" for n in range(left, 8)])
        world.edit("shop/cart.py", PRICE, f"        # case {left}\n{PRICE}")
    world.test({}, [f"test_{n}" for n in range(8)])


def signature_moves(world: World) -> None:
    """one line changed again and again, and another failure each time (hard)"""
    world.open()
    now = PRICE
    for shown, source in (
        (190, "amount - discount"),
        (171, "amount * (1 - discount)"),
        (18, "amount * discount"),
        (200, "amount"),
        (180, "amount * 0.9"),
    ):
        new = f"        return {source}\n"
        if new != now:
            world.edit("shop/cart.py", now, new)
        now = new
        world.test({"test_discount": f"assert {shown} == 180"} if shown != 180 else {})


def tuning_measured(world: World) -> None:
    """a constant is tuned, a measurement says how well (hard)"""
    world.files["cfg.py"] = "CACHE = 1\n"
    now = 1
    for size, hits in ((8, 41), (16, 55), (32, 68), (64, 71), (128, 71), (48, 70)):
        world.edit("cfg.py", f"CACHE = {now}\n", f"CACHE = {size}\n")
        world.sh("python bench.py", f"hit rate {hits} %, p95 {100 - hits} ms")
        now = size


def batch_same_line(world: World) -> None:
    """one line put into ten files (hard)"""
    for number in range(10):
        world.files[f"pkg/m{number}.py"] = f"import os\n\n\ndef f{number}():\n    return {number}\n"
    for number in range(10):
        world.edit(
            f"pkg/m{number}.py", "import os\n", "from __future__ import annotations\n\nimport os\n", text="Next file."
        )
    world.sh("ruff check pkg", "All checks passed!")


def batch_same_file(world: World) -> None:
    """the same small change at eight places of one file (hard)"""
    world.files["api.py"] = "".join(f"def op_{n}(x):\n    return helper(x, {n})\n\n\n" for n in range(8))
    for number in range(8):
        world.edit("api.py", f"    return helper(x, {number})\n", f"    return helper(x, {number}, strict=True)\n")
    world.test({}, ["test_ops"])


def batch_headers(world: World) -> None:
    """a licence header for nine files by one script call each (hard)"""
    for number in range(9):
        world.sh(f"sed -i '1i # SPDX-License-Identifier: MIT' src/m{number}.py", "")
    world.sh("git diff --stat", " 9 files changed, 9 insertions(+)")


def batch_moves(world: World) -> None:
    """eight files moved, the same word each time (hard)"""
    for number in range(8):
        world.put(f"new/m{number}.py", f"V = {number}\n")
        world.note("move_file", {"source": f"old/m{number}.py", "destination": f"new/m{number}.py"}, "Moved.")
    world.sh("ls new", "\n".join(f"m{n}.py" for n in range(8)))


def batch_installs(world: World) -> None:
    """other packages, the same acknowledgement (easy)"""
    for name in ("httpx", "rich", "click", "attrs", "trio", "pyyaml"):
        world.sh(f"pip install -q {name}", "")
    world.sh("python -c 'import httpx, rich'", "")


def batch_checks(world: World) -> None:
    """eight services asked for their health, all well (hard)"""
    for name in ("auth", "cart", "price", "stock", "mail", "search", "pay", "ship"):
        world.note("http_get", {"url": f"http://{name}.internal/health"}, '{"status": "ok"}')


def batch_commits(world: World) -> None:
    """a change and a commit for each of six modules (hard)"""
    for number in range(6):
        world.write(f"pkg/m{number}.py", f"VALUE = {number}\n", text=f"Module {number}.")
        world.sh(f"git add -A && git commit -qm 'module {number}'", "")
        world.sh("git status --short", "")


def acknowledged_edits(world: World) -> None:
    """seven right edits, acknowledged in the same words (hard)"""
    world.files["notes.md"] = "".join(f"- point {n}: open\n" for n in range(7))
    for number in range(7):
        world.edit("notes.md", f"- point {number}: open\n", f"- point {number}: settled\n")
    world.sh("git diff --stat", " notes.md | 14 +++++++-------")


def verify_each_edit(world: World) -> None:
    """the same green tests after every edit (hard)"""
    world.open()
    for name in ("add", "remove", "clear", "count", "empty", "merge"):
        world.write(f"shop/{name}.py", f"def {name}(cart):\n    return cart\n", text=f"Extract {name}.")
        world.test({}, ["test_empty", "test_discount"])


def verify_by_compiler(world: World) -> None:
    """the same warning of the compiler after edits elsewhere (hard)"""
    for number in range(6):
        world.write(f"src/part{number}.c", f"int part{number}(void) {{ return {number}; }}\n")
        world.sh("make", "cc -c main.c\nwarning: unused variable 'x'\nbuilt shop")


def explores_files(world: World) -> None:
    """four real tries in four files, the failure stays; the fifth mends it (hard)"""
    world.open()
    world.test({"test_discount": "assert 190 == 180"})
    for name in ("price", "tax", "rate", "round"):
        world.files[f"shop/{name}.py"] = f"def {name}(x):\n    return x\n"
        world.read(f"shop/{name}.py")
        world.edit(f"shop/{name}.py", "    return x\n", f"    return x * {len(name)}\n")
        world.test({"test_discount": "assert 190 == 180"})
    world.edit("shop/cart.py", PRICE, "        return amount * (1 - discount / 100)\n")
    world.test({}, ["test_empty", "test_discount"])


def return_measured(world: World) -> None:
    """a flag switched to and fro to measure both sides twice (hard)"""
    world.files["cfg.py"] = "POOL = False\n"
    for number, shown in enumerate((412, 655, 409, 661)):
        new = "True" if number % 2 == 0 else "False"
        old = "False" if number % 2 == 0 else "True"
        world.edit("cfg.py", f"POOL = {old}\n", f"POOL = {new}\n")
        world.sh("python bench.py", f"requests per second: {shown}")
    world.edit("cfg.py", "POOL = False\n", "POOL = True\n", text="Keep the pool.")
    world.write("NOTES.md", "the pool is faster\n")


def return_undone(world: World) -> None:
    """a try is taken back, another one is made and taken back, the third holds (hard)"""
    world.open()
    world.test({"test_discount": "assert 190 == 180"})
    for source in ("amount + discount", "amount * discount"):
        world.edit("shop/cart.py", PRICE, f"        return {source}\n")
        world.test({"test_discount": f"assert {len(source) * 11} == 180"})
        world.put("shop/cart.py", CART)
        world.sh("git checkout -- shop/cart.py", "Updated 1 path from the index")
    world.edit("shop/cart.py", PRICE, "        return amount * (1 - discount / 100)\n")
    world.test({}, ["test_empty", "test_discount"])


def mutation_testing(world: World) -> None:
    """eight mutants, each tested and taken back (hard)"""
    world.open()
    for number, (old, new) in enumerate(
        (
            ("+=", "-="),
            ("price * quantity", "price + quantity"),
            ("- discount", "+ discount"),
            ("= 0", "= 1"),
            ("=1", "=2"),
            ("append", "extend"),
        )
    ):
        world.edit("shop/cart.py", old, new, text=f"Mutant {number}.")
        world.test({f"test_{number}": f"assert {number} == 0"})
        world.put("shop/cart.py", CART)
        world.sh("git checkout -- .", "Updated 1 path from the index")


def red_green_check(world: World) -> None:
    """the fix is put aside once to see the test fail without it (hard)"""
    world.open()
    world.test({"test_discount": "assert 190 == 180"})
    world.edit("shop/cart.py", PRICE, "        return amount * (1 - discount / 100)\n")
    fixed = world.files["shop/cart.py"]
    world.test({}, ["test_empty", "test_discount"])
    world.put("shop/cart.py", CART)
    world.sh("git stash", "Saved working directory and index state WIP on main: 1a2b3c4 start")
    world.test({"test_discount": "assert 190 == 180"})
    world.put("shop/cart.py", fixed)
    world.sh("git stash pop", "Dropped refs/stash@{0}")
    world.test({}, ["test_empty", "test_discount"])


def test_first(world: World) -> None:
    """test red, code, test green, five times over with one command (hard)"""
    done: list[str] = []
    for name in ("add", "sub", "mul", "div", "mod"):
        world.write(f"tests/test_{name}.py", f"def test_{name}():\n    assert {name}(6, 3)\n")
        world.test({f"test_{name}": f"NameError: name '{name}' is not defined"}, done)
        world.write(f"calc/{name}.py", f"def {name}(a, b):\n    ...\n")
        done.append(f"test_{name}")
        world.test({}, done)


def greps_for_many(world: World) -> None:
    """nine other words, none of them anywhere (hard)"""
    for word in ("eval", "exec", "pickle", "shell=True", "md5", "verify=False", "yaml.load", "mktemp", "assert_"):
        world.sh(f"grep -rn '{word}' src", "", 1, text="Audit.")
    world.write("AUDIT.md", "nothing found\n")


def greps_narrowing(world: World) -> None:
    """one word in three other folders, then found (hard)"""
    for folder in ("docs", "tests", "tools"):
        world.sh(f"grep -rn 'round_half' {folder}", "", 1)
    world.sh("grep -rn 'round_half' shop", "shop/price.py:7:def round_half(x):")


def lists_of_many(world: World) -> None:
    """a walk down the tree, one folder after the other (easy)"""
    path = "src"
    for name in ("main", "java", "org", "shop", "cart", "impl"):
        world.sh(f"ls {path}", name)
        path += f"/{name}"
    world.sh(f"ls {path}", "CartImpl.java")


def poll_percent(world: World) -> None:
    """a build asked ten times, its percentage grows (hard)"""
    for percent in (3, 11, 24, 38, 47, 59, 72, 86, 95, 100):
        world.note("build_progress", {"build": 9}, f"{percent}% complete")


def poll_pending(world: World) -> None:
    """a pipeline that is pending, then running, then green (hard)"""
    for state in ("pending", "pending", "pending", "running", "running", "running", "running", "success"):
        world.note("ci_status", {"pipeline": 4711}, f'{{"status": "{state}"}}')
    world.sh("git merge --ff-only topic", "Fast-forward")


def poll_epochs(world: World) -> None:
    """a training watched with long sleeps, one line further each time (hard)"""
    for epoch in range(1, 13):
        world.sh("sleep 120; tail -1 train.log", f"epoch {epoch}/12 loss {2 / epoch:.3f}")


def poll_pods(world: World) -> None:
    """pods that are being created, five equal answers, then ready (hard)"""
    world.sh("kubectl apply -f shop.yaml", "deployment.apps/shop configured")
    for _ in range(5):
        world.sh("sleep 15 && kubectl get pods", "shop-7f 0/1 ContainerCreating")
    world.sh("sleep 15 && kubectl get pods", "shop-7f 1/1 Running")


def poll_log(world: World) -> None:
    """the end of a growing log, looked at again and again (hard)"""
    for number, line in enumerate(
        ("start", "read 100 rows", "read 900 rows", "write shard a", "write shard b", "verify", "bye")
    ):
        world.sh("tail -2 import.log", line if number else "start")


def cursor_pages(world: World) -> None:
    """the same call gives the next page each time (hard)"""
    for number in range(10):
        world.note(
            "next_page", {"cursor": "current"}, f"order {number * 3}\norder {number * 3 + 1}\norder {number * 3 + 2}"
        )


def scroll_pages(world: World) -> None:
    """scrolls through a long file, new text each time (easy)"""
    for number in range(9):
        text = "\n".join(f"line {n}: {chr(97 + n % 26) * 5}" for n in range(number * 50, number * 50 + 50))
        world.note("scroll_down", {}, text)


def retry_with_waits(world: World) -> None:
    """a busy registry, tried again after longer and longer waits (hard)"""
    for wait in (0, 2, 8, 30):
        command = f"sleep {wait}; npm install" if wait else "npm install"
        world.sh(command, "npm ERR! 503 Service Unavailable", 1)
    world.sh("sleep 60; npm install", "added 214 packages in 9s")


def retry_lock(world: World) -> None:
    """a lock held by somebody else, three tries (hard)"""
    for _ in range(3):
        world.sh("apt-get install -y jq", "E: Could not get lock /var/lib/dpkg/lock-frontend", 100)
    world.sh("apt-get install -y jq", "Setting up jq (1.7.1) ...")


def flaky_rerun(world: World) -> None:
    """a test that fails is run once more to see whether it is flaky (hard)"""
    world.open()
    world.test({"test_race": "TimeoutError"})
    world.test({"test_race": "TimeoutError"}, command="pytest -q tests/test_cart.py::test_race")
    world.edit("shop/cart.py", PRICE, "        with self.lock:\n            return amount - discount\n")
    world.test({}, ["test_empty", "test_race"])


def compile_errors_move(world: World) -> None:
    """one error mended, the next one shown, by the same command (hard)"""
    for number in range(7):
        world.write(f"src/s{number}.rs", f"pub fn s{number}() -> i32 {{ {number} }}\n")
        world.sh(
            "cargo build",
            f"error[E0425]: cannot find value `x{number}` in this scope\n --> src/s{number}.rs:{number + 4}:9",
            101,
        )
    world.sh("cargo build", "Finished dev profile in 3.2s")


def cycle_with_edits(world: World) -> None:
    """read, change, test, three steps in rotation over six files (hard)"""
    for number in range(6):
        world.files[f"pkg/m{number}.py"] = f"V = {number}\n"
    for number in range(6):
        world.read(f"pkg/m{number}.py")
        world.edit(f"pkg/m{number}.py", f"V = {number}\n", f"V: int = {number}\n")
        world.sh("mypy pkg", "Success: no issues found in 6 source files")


def release_procedure(world: World) -> None:
    """six commands for each of four packages (hard)"""
    for name in ("core", "http", "cli", "docs"):
        for command, output in (
            ("cat VERSION", "1.0"),
            ("npm version patch", "v1.0.1"),
            ("npm run build", "built"),
            ("npm pack", "packed"),
            ("npm publish", "+ published"),
        ):
            world.sh(f"cd pkgs/{name} && {command}", output)


def tools_tried_in_turn(world: World) -> None:
    """five build tools, none of them there, each another idea (hard)"""
    for name in ("mvn", "gradle", "ant", "bazel", "./mvnw"):
        world.sh(f"{name} test", f"bash: {name}: command not found", 127)
    world.sh("find . -name 'pom.xml'", "./pom.xml")


def errors_instructive(world: World) -> None:
    """four refusals, each says what to mend (easy)"""
    for error in (
        "400: field 'sku' is missing",
        "400: field 'price' must be a number",
        "409: sku exists",
        "422: currency unknown",
    ):
        world.note("http_post", {"url": "/v1/carts", "body": {"try": error[:3]}}, error, False)
    world.note("http_post", {"url": "/v1/carts", "body": {"sku": 8}}, "201 created")


def installs_what_is_missing(world: World) -> None:
    """one script, another missing module each time (hard)"""
    for name in ("numpy", "scipy", "pandas", "sklearn", "torch"):
        world.sh("python train.py", f"ModuleNotFoundError: No module named '{name}'", 1)
        world.sh(f"pip install {name}", f"Successfully installed {name}")
    world.sh("python train.py", "epoch 1")


def edit_refused_twice(world: World) -> None:
    """an edit refused for its indentation, right at the third try (hard)"""
    world.open()
    for blanks in (4, 6):
        args = {
            "path": "shop/cart.py",
            "start": 12,
            "end": 12,
            "text": f"{' ' * blanks}return amount * (1 - discount / 100)",
        }
        world.note(
            "edit",
            args,
            "Your proposed edit has introduced new syntax error(s).\n- E999 IndentationError: unexpected indent",
            False,
        )
    world.edit("shop/cart.py", PRICE, "        return amount * (1 - discount / 100)\n")
    world.test({}, ["test_empty", "test_discount"])


def recreate_with_news(world: World) -> None:
    """a script is removed, written anew and run, another error each time (hard)"""
    for number, error in enumerate(
        ("NameError: name 'app' is not defined", "KeyError: 'SECRET'", "TypeError: total() takes 1 argument", "")
    ):
        world.write("repro.py", f"import shop\nshop.run({number})\n" + "x = 1\n" * number)
        world.sh("python repro.py", error, 1 if error else 0)
        world.put("repro.py", None)
        world.sh("rm repro.py", "")


def reread_before_edits(world: World) -> None:
    """a file read whole, three parts of it looked at again, then changed (hard)"""
    world.files["big.py"] = "".join(f"def f{n}():\n    return {n}\n" for n in range(60))
    world.read("big.py")
    for first in (10, 40, 80):
        world.read("big.py", first, first + 15)
    world.edit("big.py", "    return 5\n", "    return 50\n")
    world.read("big.py", 8, 16)
    world.edit("big.py", "    return 20\n", "    return 200\n")
    world.test({}, ["test_big"])


def reread_after_edits(world: World) -> None:
    """the file is looked at after every change (hard)"""
    for name in ("alpha", "beta", "gamma", "delta", "epsilon"):
        world.edit("shop/cart.py", "class Cart:\n", f"class Cart:\n    {name} = None\n")
        world.read("shop/cart.py")


def reads_to_begin_with(world: World) -> None:
    """five opening reads and a listing in between (easy)"""
    for number in range(6):
        world.files[f"m{number}.py"] = f"def g{number}(): ...\n"
        world.read(f"m{number}.py")
    world.sh("ls", "\n".join(f"m{n}.py" for n in range(6)))
    world.edit("m3.py", "...", "return 3")


def thinks_aloud(world: World) -> None:
    """six thoughts without an action, each of them new (hard)"""
    world.user("How many carts did we sell on the busiest day?")
    for thought in (
        "The sales table has one row for each order, so I have to group by day first.",
        "Returned orders carry a negative quantity; they must not count as sales.",
        "Days are stored in UTC, while the question is about the shop in Lisbon, one hour off in summer.",
        "With the shift, orders after eleven at night move to the following day.",
        "The maximum could be a tie; then the earlier day is meant by convention.",
        "So: shift, filter, group, order by count, take the first.",
    ):
        world.say(thought)
    world.note("sql", {"q": "select day, count(*) from ..."}, "2026-07-04 | 812")


def prose_table(world: World) -> None:
    """an answer with a table, a list and a divider (hard)"""
    world.user("Summarise the modules.")
    rows = "".join(f"| module_{n} | does one small thing | tested |\n" for n in range(20))
    points = "".join(f"- module {n} is fine and needs nothing\n" for n in range(12))
    world.say(f"Summary\n{'-' * 70}\n| name | what | state |\n|---|---|---|\n{rows}\n{points}{'=' * 70}\nDone.")
    world.sh("true", "")


def prose_code(world: World) -> None:
    """an answer that is mostly code with alike lines (hard)"""
    world.user("Write the routes.")
    body = "".join("app.get('/health', (request, response) => response.send('ok'));\n" for _ in range(14))
    world.say(f"Here they are:\n```js\n{body}```\nAdd them to the server.")
    world.sh("node -c server.js", "")


def prose_between_actions(world: World) -> None:
    """the same phrase before every action, and the actions differ (easy)"""
    for number in range(8):
        world.files[f"n{number}.txt"] = f"{number}\n"
        world.read(f"n{number}.txt", text="Let me look at the next file.")


def condense_and_work(world: World) -> None:
    """the context is condensed now and then; the file at hand is read again each time (hard)"""
    for number in range(4):
        world.note("@condense", {}, "(context condensed)")
        world.read("shop/cart.py")
        world.edit("shop/cart.py", "class Cart:\n", f"class Cart:\n    field_{number} = None\n")
        world.test({}, ["test_empty"])


def questions_differ(world: World) -> None:
    """six other questions to one index, the same two hits (hard)"""
    for words in ("total", "discount rounding", "where is tax added", "currency", "price of a cart", "who calls add"):
        world.note("search_docs", {"query": words}, "1. cart.md: totals\n2. price.md: discounts")
    world.read("shop/cart.py")


def user_asks_again(world: World) -> None:
    """the user asks for the same thing three times (hard)"""
    for _ in range(4):
        world.user("Run the report again, please.")
        world.sh("python report.py", "sold: 12")


def seeds_and_inputs(world: World) -> None:
    """one program on eight inputs, the same good answer (hard)"""
    for number in range(8):
        world.sh(f"./solve < inputs/{number}.txt", "OK")


def bisecting(world: World) -> None:
    """one test on seven revisions (hard)"""
    for number in range(7):
        world.put("rev.txt", f"{number}\n")
        word = "bad" if number % 3 else "good"
        world.sh(
            f"git bisect {word}", f"Bisecting: {64 >> number} revisions left\n[{number}{number}abc] commit {number}"
        )
        world.test({"test_discount": "assert 190 == 180"} if number % 3 else {})


def queue_and_metrics(world: World) -> None:
    """two gauges read in turn, both move (easy)"""
    for number in range(7):
        world.note("read_metrics", {}, f"cpu={30 + number * 3 % 7}.{number}")
        world.note("read_queue", {}, f"length={40 - number * 3}")


def heads_of_files(world: World) -> None:
    """the first lines of ten files, all with the same header (hard)"""
    for number in range(10):
        world.sh(f"head -3 src/m{number}.py", "# SPDX-License-Identifier: MIT\n# Copyright the shop\nimport os")
    world.sh("git status --short", "")


def poll_many_percent(world: World) -> None:
    """a long build asked twenty times, always further on (hard)"""
    for number in range(20):
        world.note("build_progress", {"build": 9}, f"{number * 5}% complete")


def batch_one_by_one(world: World) -> None:
    """a tool that replaces the first occurrence, called for each of six (hard)"""
    world.files["api.py"] = "".join(f"def op_{n}(x):\n    y = x + {n}\n    return old_name(y)\n\n\n" for n in range(6))
    for _ in range(6):
        world.edit("api.py", "old_name(", "new_name(")
    world.test({}, ["test_api"])


def downloads(world: World) -> None:
    """six other pages fetched, the same answer (hard)"""
    for name in ("auth", "cart", "price", "stock", "mail", "pay"):
        world.sh(f"curl -s http://localhost:8000/{name}/health", '{"status": "ok"}')


def debugger(world: World) -> None:
    """the same command to a debugger, another line each time (hard)"""
    for number in range(9):
        world.note("debugger", {"input": "next"}, f"> cart.py({10 + number})total()\n-> step {chr(97 + number)}")


def commits_in_a_row(world: World) -> None:
    """edit and commit, six times, the same command (hard)"""
    for number in range(6):
        world.write("CHANGES.md", "".join(f"- entry {n}\n" for n in range(number + 1)))
        world.sh(
            "git commit -am 'update changes'",
            f"[main {number * 1234567 + 9999999:07x}] update changes\n 1 file changed, 1 insertion(+)",
        )


def reproductions(world: World) -> None:
    """a reproduction written anew six times, each shows something else (hard)"""
    for number, shown in enumerate(
        ("KeyError: 'a'", "total 190", "items 3", "discount 10", "rate 0.1", "expected 180")
    ):
        world.write("repro.py", f"from shop.cart import Cart\ncart = Cart()\nprint(cart.probe({number}))\n")
        world.sh("python repro.py", shown, 1 if "Error" in shown else 0)


def thinks_with_a_tool(world: World) -> None:
    """six thoughts given to a tool that acknowledges each (hard)"""
    for thought in (
        "Orders have a row per item, so they have to be grouped first.", "Refunds carry a negative amount.",
        "Days are in UTC; the shop closes at ten in Lisbon.", "A tie is decided by the earlier day.",
        "The index on the day makes the query cheap.", "Then the maximum is simply the first row.",
    ):  # fmt: skip
        world.note("think", {"thought": thought}, "Your thought has been logged.")
    world.note("sql", {"q": "select day from sales"}, "2026-07-04")


def notes_taken(world: World) -> None:
    """seven notes, each acknowledged in the same words (hard)"""
    for number in range(7):
        world.note("add_note", {"note": f"finding {number}: module {chr(97 + number)} is fine"}, "Saved.")


def poll_log_of_steps(world: World) -> None:
    """a log watched with sleeps, each line stays for three looks (hard)"""
    for step in ("extract", "transform", "load", "index"):
        for _ in range(3):
            world.sh("sleep 60; tail -1 run.log", f"step {step} completed, next one follows")
    world.sh("sleep 60; tail -1 run.log", "all steps completed")


def batch_deletes(world: World) -> None:
    """eight messages deleted by their ids, each acknowledged alike (hard)"""
    for number in range(8):
        world.note("delete_message", {"channel": "ops", "message_id": 4000 + number}, "Deleted.")


def comments_on_one_issue(world: World) -> None:
    """six comments on one issue, acknowledged alike (hard)"""
    for number in range(6):
        world.note("add_comment", {"issue": 7, "comment": f"point {number}: {'abcdef'[number] * 4}"}, "Comment added.")


def migration_steps(world: World) -> None:
    """seven steps of a migration by one tool (hard)"""
    for number in range(1, 8):
        world.note("run_migration", {"name": "carts", "step": number}, "ok")


def longer_timeouts(world: World) -> None:
    """one slow test run, given more and more time (hard)"""
    for seconds in (30, 60, 120):
        world.note("shell", {"command": "pytest -q slow", "timeout": seconds}, "command timed out", False)
    world.note("shell", {"command": "pytest -q slow", "timeout": 600}, "3 passed")


def batch_by_uuid(world: World) -> None:
    """eight orders closed by their ids and six reports by their dates, acknowledged alike (hard)"""
    for number in range(8):
        order = f"3f0c2a1e-1111-4222-8333-{number * 77777 + 444455556666:012d}"
        world.note("close_order", {"order": order}, "Closed.")
    for number in range(1, 7):
        world.sh(f"./report --date 2026-03-{number:02d}", "written")
