"""Whatever there is to say and whatever is answered: prompts fit, and an answer is used or refused."""

import asyncio

import pytest
from support.promise import Kept, put_to_the_test


@pytest.mark.parametrize("seed", range(40))
def test_any_prompt_fits_and_any_answer_is_used_or_refused(seed: int) -> None:
    kept = Kept()
    asyncio.run(put_to_the_test(seed, kept))
    assert kept.outcomes.keys() <= {"used", "refused"}
    assert (kept.prompts > 0, kept.too_long) == (True, 0)
