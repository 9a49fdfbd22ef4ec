"""Reads a profile: the text, its tables, and what its parts are made into; all its mistakes at once."""

import tomllib
from collections.abc import Sequence
from typing import Any, Final

from pydantic import ValidationError

from tillbridge_generic_webstore.calling.compiling import compile_lister
from tillbridge_generic_webstore.calling.listings import compile_listings
from tillbridge_generic_webstore.compiled import CompiledProfile
from tillbridge_generic_webstore.hearing import compile_hearer
from tillbridge_generic_webstore.language.checks import check
from tillbridge_generic_webstore.language.faults import faults_of
from tillbridge_generic_webstore.language.mending import Mending
from tillbridge_generic_webstore.language.mistakes import Mistake, Mistakes, Path, ProfileFaultyError
from tillbridge_generic_webstore.language.positions import Positions, find_positions
from tillbridge_generic_webstore.language.profile import Profile
from tillbridge_generic_webstore.language.syntax import syntax_mistake
from tillbridge_generic_webstore.mapping import compile_mapping
from tillbridge_generic_webstore.reaching import compile_reach
from tillbridge_generic_webstore.telling import compile_teller

_ROUNDS: Final = 8
"""How often a faulty profile is mended, so that its other parts can be looked at too."""


def load_profile(text: str, file: str) -> CompiledProfile:
    """Read a profile and make it ready for work.

    Args:
        text: the file's text.
        file: how people know the file ("shop.toml"); every message names it.

    Raises:
        ProfileFaultyError: with every mistake that could be found.
    """
    data, positions = _parse(text, file)
    mistakes = Mistakes(file=file, line_of=positions.line)
    mending = Mending(data)
    profile = _validate(mending, mistakes)
    compiled = None
    if profile is not None:
        noted = Mistakes(file=file, line_of=lambda path: positions.line(mending.back(path)))
        compiled = _compile(profile, noted, positions)
        found = list(dict.fromkeys(noted))
        if mistakes:
            found = _of_the_file(mending, found, file)
        for one in found:
            mistakes.add(mending.back(one.path), one.words)
    if mistakes or compiled is None:
        raise ProfileFaultyError(file, mistakes, more=profile is None or mending.hides)
    return compiled


def _of_the_file(mending: Mending, found: Sequence[Mistake], file: str) -> list[Mistake]:
    """Return what is wrong with the file itself, of what was found in its mended data.

    What follows from something that stands in for another is not found where that is something else.
    """
    here = [one for one in found if not mending.is_made(one.path)]
    if not mending.places:
        return here
    try:
        other = Profile.model_validate(mending.made(other=True))
    except ValidationError:
        return [one for one in here if not _is_around(one.path, mending.places)]
    noted = Mistakes(file=file)
    _compile(other, noted, Positions())
    both = {(one.path, one.words.en) for one in noted}
    return [one for one in here if (one.path, one.words.en) in both]


def _is_around(path: Path, places: Sequence[Path]) -> bool:
    return any(one[: len(path)] == path for one in places)


def _parse(text: str, file: str) -> tuple[dict[str, Any], Positions]:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProfileFaultyError(file, [syntax_mistake(text, error)], more=True) from None
    return data, find_positions(text)


def _validate(mending: Mending, mistakes: Mistakes) -> Profile | None:
    """Return the profile, mended where it is wrong, and note what is; None where mending did not help."""
    for _ in range(_ROUNDS):
        made = mending.made()
        try:
            return Profile.model_validate(made)
        except ValidationError as error:
            for place, fault in mending.take(faults_of(made, error.errors(include_url=False))):
                if fault.words is not None:
                    mistakes.add(place, fault.words)
    return None


def _compile(profile: Profile, mistakes: Mistakes, positions: Positions) -> CompiledProfile | None:
    check(profile, mistakes)
    mapper = compile_mapping(profile, mistakes, mistakes.where)
    reach, lister = compile_reach(profile, mistakes), compile_lister(profile, mistakes)
    listings = compile_listings(profile, mistakes)
    teller, hearer = compile_teller(profile, mistakes), compile_hearer(profile, mistakes)
    if lister is None:
        return None
    return CompiledProfile(
        profile=profile,
        file=mistakes.file,
        positions=positions,
        mapper=mapper,
        reach=reach,
        lister=lister,
        listings=listings,
        teller=teller,
        hearer=hearer,
    )
