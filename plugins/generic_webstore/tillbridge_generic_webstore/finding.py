"""Finds a profile by its file, or by its name among one's own and the presets."""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tillbridge.plugin import InputError, NotFound, Words
from tillbridge_generic_webstore.webstores import folder, preset_texts, profile_files


@dataclass(frozen=True, slots=True)
class ProfileFile:
    """A profile's text.

    Attributes:
        name: the file's name without its ending: what the provider is called.
        file: how messages name it.
        text: what it says.
        preset: it comes with tillbridge.
    """

    name: str
    file: str
    text: str
    preset: bool = False


def own_profiles() -> Iterator[Path]:
    """Yield the shop's own profiles."""
    yield from profile_files(folder())


def presets() -> Iterator[ProfileFile]:
    """Yield the profiles that come with tillbridge."""
    for name, text in preset_texts().items():
        yield ProfileFile(name, f"{name}.toml", text, preset=True)


def find_profile(given: str) -> ProfileFile:
    """Return a profile: a file, or one of one's own or of the presets by its name.

    Raises:
        NotFound: there is none.
        InputError: the file cannot be read.
    """
    path = Path(given)
    if path.is_file():
        return read_profile(path)
    if not path.suffix and path.name == given:
        for own in own_profiles():
            if own.stem == given:
                return read_profile(own)
        for preset in presets():
            if preset.name == given:
                return preset
    raise _not_found(given)


def read_profile(path: Path) -> ProfileFile:
    """Return a file's profile.

    Raises:
        InputError: it cannot be read.
    """
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            Words(
                f"{path} is no UTF-8: save it so in your editor.",
                f"{path} 파일이 UTF-8이 아닙니다. 편집기에서 UTF-8로 저장해 주세요.",
            )
        ) from error
    except OSError as error:
        raise unreadable(path, error) from error
    return ProfileFile(path.stem, str(path), text)


def unreadable(path: Path, error: OSError) -> InputError:
    """Return that a file that somebody named cannot be read."""
    if isinstance(error, FileNotFoundError):
        return InputError(Words(f"There is no file {path}.", f"{path} 파일이 없습니다."))
    kind = type(error).__name__
    return InputError(Words(f"{path} cannot be read ({kind}).", f"{path} 파일을 읽을 수 없습니다({kind})."))


def _not_found(given: str) -> NotFound:
    names = sorted({one.stem for one in own_profiles()} | {one.name for one in presets()})
    near = difflib.get_close_matches(given, names, n=1)
    meant = Words(f" Did you mean {near[0]}?", f" 혹시 {near[0]}인가요?") if near else Words("", "")
    return NotFound(
        Words(
            f"There is no profile {given}: a file, or one of {', '.join(names) or '-'}.{meant.en}",
            f"{given} 프로필이 없습니다. 파일 또는 다음 중 하나를 "
            f"지정해 주세요: {', '.join(names) or '-'}.{meant.ko}",
        )
    )
