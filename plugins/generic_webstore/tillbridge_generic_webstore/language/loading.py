"""Reads a profile: the text, its tables, and what its parts are made into; all its mistakes at once."""

import tomllib
from typing import Any, Final

from pydantic import ValidationError

from tillbridge_generic_webstore.calling.compiling import compile_lister
from tillbridge_generic_webstore.calling.listings import compile_listings
from tillbridge_generic_webstore.compiled import CompiledProfile
from tillbridge_generic_webstore.hearing import compile_hearer
from tillbridge_generic_webstore.language.checks import check
from tillbridge_generic_webstore.language.faults import Fault, faults_of
from tillbridge_generic_webstore.language.mending import mended, touches
from tillbridge_generic_webstore.language.mistakes import Mistakes, Path, ProfileFaultyError
from tillbridge_generic_webstore.language.positions import Positions, find_positions
from tillbridge_generic_webstore.language.profile import Profile
from tillbridge_generic_webstore.language.syntax import syntax_mistake
from tillbridge_generic_webstore.mapping import compile_mapping
from tillbridge_generic_webstore.reaching import compile_reach
from tillbridge_generic_webstore.telling import compile_teller

_ROUNDS: Final = 4
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
    profile, faults = _validate(data)
    for path, words in faults:
        if words is not None:
            mistakes.add(path, words)
    compiled = None
    tables = (path for path, words in faults if words and isinstance(_at(data, path), dict | list))
    more = profile is None or any(tables)
    if profile is not None:
        noted = Mistakes(file=file, line_of=positions.line)
        compiled = _compile(profile, noted, positions)
        # What was mended is no part of the file: nothing is said of it, nor of the tables around it.
        places = [path for path, _ in faults]
        apart = [one for one in dict.fromkeys(noted) if not touches(one.path, places)]
        mistakes.found += apart
    if mistakes or compiled is None:
        raise ProfileFaultyError(file, mistakes, more=more)
    return compiled


def _at(data: Any, path: Path) -> Any:
    """Return what stands at a path; None where nothing does."""
    for key in path:
        if isinstance(data, dict):
            data = data.get(key)
        else:
            data = data[key] if isinstance(data, list) and isinstance(key, int) and key < len(data) else None
    return data


def _parse(text: str, file: str) -> tuple[dict[str, Any], Positions]:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProfileFaultyError(file, [syntax_mistake(text, error)], more=True) from None
    return data, find_positions(text)


def _validate(data: dict[str, Any]) -> tuple[Profile | None, list[Fault]]:
    """Return the profile, mended where it is wrong, and what is wrong; None where mending did not help."""
    faults: list[Fault] = []
    for _ in range(_ROUNDS):
        try:
            return Profile.model_validate(mended(data, [path for path, _ in faults])), faults
        except ValidationError as error:
            known = [path for path, _ in faults]
            found = faults_of(mended(data, known), error.errors(include_url=False))
            # A table that mending has emptied is no mistake of the file.
            faults += [
                (path, None if any(one[: len(path)] == path for one in known) else words)
                for path, words in found
                if path not in known
            ]
    return None, faults


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
