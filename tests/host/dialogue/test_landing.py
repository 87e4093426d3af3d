"""Every good fix lands: whatever shape the code has, whatever form it is asked for in, however the model dresses it."""

import asyncio
from pathlib import Path

import pytest
from support.landing import failed_landings
from support.shapes import SHAPES, Shape


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_good_fix_lands_in_every_form_and_dress(tmp_path: Path, shape: Shape) -> None:
    assert asyncio.run(failed_landings(tmp_path, shape)) == []
