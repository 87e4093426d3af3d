"""Each kind of loop, and what is not one."""

from staging import decisions, edit, flag, red, shell, step, verdicts


def test_a_call_with_the_same_answer_is_warned_about_then_blocked() -> None:
    missing = shell("cat tax.py", "cat: tax.py: No such file or directory", False)
    assert decisions([missing] * 4) == ["allow", "warn", "block", "block"]


def test_new_answers_to_the_same_call_are_no_repetition() -> None:
    pages = [step("next_page", f"order {chr(97 + n)}") for n in range(10)]
    assert set(decisions(pages)) <= {"allow", "warn"}
    assert flag(pages) == (-1, "")


def test_another_spelling_is_blocked_once_its_answer_is_known() -> None:
    commands = ("grep -rn total .", "rg total", "git grep total", "grep -R total .")
    assert flag([shell(command, "", False) for command in commands])[1] in ("repetition", "vain-search")


def test_a_search_in_a_narrower_place_is_in_vain() -> None:
    places = [".", "src", "src/shop", "src/shop/cart.py"]
    number, kind = flag([shell(f"grep -rn total {place}", "", False) for place in places])
    assert (number, kind) == (2, "vain-search")


def test_a_search_in_another_place_is_not() -> None:
    assert flag([shell(f"grep -rn total {place}", "", False) for place in ("src", "docs", "tools", "tests")])[0] == -1


def test_a_third_near_identical_edit_is_rolled_back_before_it_is_made() -> None:
    attempts = [[edit("return a - b", f"return a - b * {n}  # {n}"), red()] for n in range(3)]
    run = [event for attempt in attempts for event in attempt]
    assert flag(run) == (4, "near-identical-edit")


def test_a_shrinking_set_of_failures_is_progress() -> None:
    run = []
    for left in range(5, 0, -1):
        tests = {"passed": [f"t{n}" for n in range(left, 6)], "failed": [f"t{n}" for n in range(left)], "errors": []}
        run += [
            edit("return a - b", f"return a - b * {left}"),
            shell("pytest -q", "E  assert 1 == 2", False, tests=tests),
        ]
    assert flag(run) == (-1, "")


def test_an_edit_and_its_inverse_are_a_return() -> None:
    forth, back = edit("a - b", "a + b", tree="t1"), edit("a + b", "a - b", tree="t0")
    run = [shell("ls", "cart.py", tree="t0")]
    for _ in range(4):
        run += [forth, {**red("assert 210 == 180"), "tree": "t1"}, back, {**red("assert 190 == 180"), "tree": "t0"}]
    assert flag(run) == (7, "tree-return")


def test_taking_a_try_back_is_no_return() -> None:
    run = []
    for sign in "+*/":
        run += [
            edit("a - b", f"a {sign} b"),
            red(f"assert {ord(sign)} == 180"),
            shell("git checkout -- cart.py", "Updated 1 path"),
        ]
    assert flag(run) == (-1, "")


def test_edits_taken_back_unseen_are_a_loop() -> None:
    run = []
    for number in range(3):
        run += [shell(f"sed -i '{number}s/1/0/' cart.py"), shell("cp cart.py.bak cart.py")]
    assert flag(run) == (5, "undone-edit")


def test_many_ideas_for_one_place_with_the_same_failure_stagnate() -> None:
    ideas = ("abs(a - b)", "max(a, b)", "a if b else 0", "sum([a, b])", "round(a)")
    run = [event for idea in ideas for event in (edit("return a - b", f"return {idea}"), red())]
    assert flag(run) == (7, "stagnation")


def test_one_refusal_of_many_calls_is_a_loop() -> None:
    run = [step("tracker", "401 Unauthorized: token expired", False, query=word) for word in ("a", "bb", "ccc", "dddd")]
    assert flag(run) == (3, "same-error")


def test_refusals_that_differ_are_not() -> None:
    errors = ("404: no such issue", "403: forbidden", "422: id must be numeric", "400: bad field")
    assert flag([step("tracker", error, False, query=error[:3]) for error in errors]) == (-1, "")


def test_a_busy_service_may_be_asked_a_few_times() -> None:
    busy = shell("npm install", "npm ERR! 503 Service Unavailable", False)
    assert flag([busy] * 4) == (-1, "")
    assert flag([busy] * 6)[0] == 4


def test_polling_what_is_under_way_has_patience_and_what_is_over_has_none() -> None:
    assert flag([step("job", '{"state": "running"}', id=7)] * 10) == (-1, "")
    assert flag([step("job", '{"state": "failed"}', id=7)] * 4)[0] == 2


def test_waiting_has_a_budget_of_time() -> None:
    assert flag([shell("sleep 300; cat status", "running")] * 11) == (-1, "")
    assert flag([shell("sleep 300; cat status", "running")] * 15)[1] == "waiting"


def test_a_cycle_is_found_at_its_third_round() -> None:
    pages = [step("fetch", f"page {n}: nothing\nmore\nand\nmore", url=f"http://x/{n}") for n in range(5)]
    assert flag(pages * 4) == (10, "cycle")


def test_rereading_what_was_read_is_a_loop_and_reading_on_is_not() -> None:
    def lines(first: int, last: int) -> dict[str, object]:
        return step(
            "read_file",
            "\n".join(f"x{n} = {n}" for n in range(first, last)),
            path="a.py",
            start_line=first,
            end_line=last,
        )

    once = [lines(first, first + 40) for first in range(1, 400, 40)]
    assert flag(once) == (-1, "")
    assert flag([*once, *(lines(first, first + 30) for first in range(7, 300, 33))])[1] == "reread"


def test_prose_without_action_is_a_monologue() -> None:
    said = [step("", text=f"I should look at how the discount is computed. ({n})") for n in range(4)]
    assert flag(said) == (2, "monologue")


def test_new_thoughts_are_not() -> None:
    thoughts = (
        "The table has a row per order.",
        "Returns are negative.",
        "Days are in UTC.",
        "A tie goes to the earlier day.",
    )
    assert flag([step("", text=thought) for thought in thoughts]) == (-1, "")


def test_what_the_user_asks_for_again_is_no_repetition() -> None:
    asked = [step("@user", text="Again, please."), shell("python report.py", "sold: 12")]
    assert flag(asked * 5) == (-1, "")


def test_trials_of_other_candidates_are_progress() -> None:
    trials = [
        step("sandbox.try_edits", "none of 4 pass", False, tree="t0", candidates=[{"id": n, "text": f"a {n}"}])
        for n in range(8)
    ]
    assert flag(trials) == (-1, "")


def test_every_verdict_names_its_class_its_steps_and_what_would_be_progress() -> None:
    last = verdicts([shell("cat tax.py", "No such file", False)] * 3)[-1]
    assert last.kind == "repetition"
    assert last.evidence == (0, 1)
    assert last.progress
    assert last.directive
