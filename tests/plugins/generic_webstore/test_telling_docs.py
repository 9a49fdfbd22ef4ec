"""Every block of docs/telling-by-profile.md is part of a profile that loads."""

import tomllib

import pytest

from doc_blocks import Block, blocks
from kiosk_profile import PROFILE
from payloads import ROOT
from tillbridge_generic_webstore.calling.listings import compile_listings
from tillbridge_generic_webstore.hearing import compile_hearer
from tillbridge_generic_webstore.language.checks import check
from tillbridge_generic_webstore.language.mistakes import Mistakes
from tillbridge_generic_webstore.language.profile import Profile
from tillbridge_generic_webstore.telling import compile_teller

PAGE = ROOT / "docs" / "telling-by-profile.md"
BLOCKS = [block for block in blocks(PAGE) if block.language == "toml"]


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: f"line {block.line}")
def test_a_block_of_the_page_is_part_of_a_profile_that_loads(block: Block) -> None:
    kiosk, given = tomllib.loads(PROFILE), tomllib.loads(block.code)
    settings = {**kiosk["settings"], **given.pop("settings", {})}
    profile = Profile.model_validate({**kiosk, "push": None, "webhook": None, **given, "settings": settings})
    mistakes = Mistakes()

    check(profile, mistakes)
    teller = compile_teller(profile, mistakes)
    hearer = compile_hearer(profile, mistakes)
    compile_listings(profile, mistakes)

    assert [] == [f"{one.place}: {one.words.en}" for one in mistakes]
    assert teller or hearer
