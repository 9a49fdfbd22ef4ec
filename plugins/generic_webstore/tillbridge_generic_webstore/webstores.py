"""The webstores that can be connected: one provider for each preset, and for each profile of the shop's own.

A shop's profiles are the TOML files in the folder that TILLBRIDGE_PROFILES names, or in `profiles` beside
where the command runs. A file of a preset's name stands in its place. A faulty file never stops the others.
"""

import os
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Final

from tillbridge.plugin import Words
from tillbridge_generic_webstore.compiled import CompiledProfile
from tillbridge_generic_webstore.language.loading import load_profile
from tillbridge_generic_webstore.language.mistakes import ProfileFaultyError
from tillbridge_generic_webstore.language.profile import Profile

FOLDER_VARIABLE: Final = "TILLBRIDGE_PROFILES"
_USUAL: Final = "profiles"
_NAME: Final = re.compile(r"[a-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Webstore:
    """A webstore that can be connected.

    Attributes:
        name: as in `tillbridge connect NAME`.
        profile: what its file says.
        file: the file, as people know it.
    """

    name: str
    profile: Profile
    file: str
    _text: str = field(repr=False)

    @property
    def compiled(self) -> CompiledProfile:
        """The profile, ready for work; a preset is made ready when it is first used: few shops use many."""
        return loaded(self._text, self.file)


@dataclass(frozen=True, slots=True)
class Found:
    """What was found.

    Attributes:
        webstores: by name.
        problems: what cannot be used, and why.
    """

    webstores: Mapping[str, Webstore]
    problems: Sequence[Words]


def find() -> Found:
    """Return the presets and the shop's own profiles."""
    problems: list[Words] = []
    webstores = {one.name: one for one in _presets()}
    webstores |= {one.name: one for one in _own(folder(), problems)}
    return Found(webstores, problems)


def problems() -> Sequence[Words]:
    """Return what is wrong with the shop's own profiles."""
    found: list[Words] = []
    for _ in _own(folder(), found):
        pass
    return found


def folder() -> Path:
    """Return where the shop's own profiles are."""
    return Path(os.environ.get(FOLDER_VARIABLE) or _USUAL)


def profile_files(place: Path) -> list[Path]:
    """Return a folder's profiles, by name; of one that is not there, or that nobody may look into, none."""
    try:
        return sorted(one for one in place.iterdir() if one.suffix == ".toml")
    except OSError:
        return []


def preset_texts() -> dict[str, str]:
    """Return the presets' files by the presets' names, sorted."""
    held = resources.files(__package__).joinpath("presets")
    files = sorted((one for one in held.iterdir() if one.name.endswith(".toml")), key=lambda one: one.name)
    return {one.name.removesuffix(".toml"): one.read_text("utf-8") for one in files}


def _presets() -> Iterator[Webstore]:
    for name, text in preset_texts().items():
        # Whether presets have mistakes is what the tests are for; a start should not take the time.
        yield Webstore(name, Profile.model_validate(tomllib.loads(text)), f"{name}.toml", text)


def _own(place: Path, problems: list[Words]) -> Iterator[Webstore]:
    for path in profile_files(place):
        if not _NAME.fullmatch(path.stem):
            problems.append(_bad_name(path))
            continue
        try:
            text = path.read_text("utf-8")
            compiled = loaded(text, path.name)
        except ProfileFaultyError as error:
            problems.append(_faulty(path, error))
        except (OSError, UnicodeDecodeError) as error:
            problems.append(_unreadable(path, error))
        else:
            yield Webstore(path.stem, compiled.profile, path.name, text)


@lru_cache(maxsize=64)
def loaded(text: str, file: str) -> CompiledProfile:
    """Make a profile ready; what is the same text is the same profile."""
    return load_profile(text, file)


def _faulty(path: Path, error: ProfileFaultyError) -> Words:
    return Words(
        f"The profile {path} cannot be used:\n{error.words.en}",
        f"프로필 {path}을(를) 사용할 수 없습니다:\n{error.words.ko}",
    )


def _unreadable(path: Path, error: Exception) -> Words:
    if isinstance(error, UnicodeDecodeError):
        return Words(
            f"The profile {path} cannot be read: it is not written in UTF-8.",
            f"프로필 {path}을(를) 읽을 수 없습니다. 문자 인코딩이 UTF-8이 아닙니다.",
        )
    said = getattr(error, "strerror", None) or type(error).__name__
    return Words(
        f"The profile {path} cannot be read: {said}.", f"프로필 {path}을(를) 읽을 수 없습니다: {said}"
    )


def _bad_name(path: Path) -> Words:
    return Words(
        f"The profile {path} cannot be used: its name becomes the provider's; allowed are a-z, 0-9, _ and -.",
        f"프로필 {path}을(를) 사용할 수 없습니다. 파일 이름이 제공자 이름이 되므로 a-z, 0-9, _, -만 쓸 수 "
        "있습니다.",
    )
