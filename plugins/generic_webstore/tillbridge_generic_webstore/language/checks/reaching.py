"""Checks how a webstore is reached: settings, the address, authentication."""

import difflib
import re
from typing import Final

from tillbridge.plugin import Words
from tillbridge_generic_webstore.language.connecting import Auth, Setting
from tillbridge_generic_webstore.language.faults import unknown_word
from tillbridge_generic_webstore.language.kinds import Kind
from tillbridge_generic_webstore.language.mistakes import Mistakes, Path
from tillbridge_generic_webstore.language.profile import Profile
from tillbridge_generic_webstore.language.walking import texts_of

_PLACEHOLDER: Final = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)(?::[^{}]*)?\}")
_SETTING: Final = re.compile(r"\b_settings\.(\w+)")
_PART: Final = re.compile(r"\b_parts\.(\w+)")
_ADDRESS: Final = re.compile(r"https?://.|\{")
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_KINDS: Final = {
    key: key for key in ("basic", "bearer", "header", "query", "oauth1", "oauth2", "login", "python")
}


def check_reaching(profile: Profile, mistakes: Mistakes) -> None:
    """Note what is wrong with settings, the address and the authentication."""
    for name, setting in profile.settings.items():
        _check_setting(("settings", name), name, setting, mistakes)
    _check_used(profile, mistakes)
    for path, kind, text in texts_of(profile):
        if kind is Kind.EXPRESSION:
            _check_names(profile, path, text, mistakes)
    country = profile.defaults.country
    if country and not _COUNTRY.fullmatch(country) and not _PLACEHOLDER.search(country):
        mistakes.add(
            ("defaults", "country"),
            Words(
                f'"{country}" is no country: two capital letters, such as KR',
                f'"{country}"은(는) 국가 코드가 아닙니다. KR처럼 대문자 두 글자로 써 주세요',
            ),
        )
    if not _ADDRESS.match(profile.connect.base):
        mistakes.add(
            ("connect", "base"),
            Words(
                f'"{profile.connect.base}" is no address: it '
                f"begins with https:// or a setting, such as {{url}}",
                f'"{profile.connect.base}"은(는) 주소가 아닙니다. '
                f"https:// 또는 {{url}} 같은 설정으로 시작해야 합니다",
            ),
        )
    if profile.connect.auth:
        _check_auth(profile.connect.auth, mistakes)


def _check_setting(path: Path, name: str, setting: Setting, mistakes: Mistakes) -> None:
    if not _NAME.fullmatch(name):
        mistakes.add(
            path,
            Words(
                "a setting's name is of small letters, digits and _, so that {name} can stand for it",
                "설정 이름은 {이름}으로 쓸 수 있도록 영문 소문자, 숫자, _로 지어 주세요",
            ),
        )
    if setting.secret and setting.default is not None:
        mistakes.add(
            (*path, "default"),
            Words(
                "a secret has no default: it would stand in the file",
                "비밀 값은 파일에 남게 되므로 기본값을 둘 수 없습니다",
            ),
        )
    if (setting.kind == "choice") != bool(setting.choices):
        mistakes.add(
            path,
            Words(
                'kind = "choice" and choices = [...] go together',
                'kind = "choice"와 choices = [...]는 함께 써야 합니다',
            ),
        )
    elif setting.pattern is not None or setting.usual is not None or setting.fits:
        _check_pattern(path, setting, mistakes)
    elif setting.choices and setting.default is not None and setting.default not in setting.choices:
        mistakes.add((*path, "default"), unknown_word(setting.default, setting.choices))


def _check_pattern(path: Path, setting: Setting, mistakes: Mistakes) -> None:
    key = "pattern" if setting.usual is None else "usual"
    pattern: str | None = getattr(setting, key)
    if setting.pattern is not None and setting.usual is not None:
        mistakes.add(
            path,
            Words(
                "pattern and usual stand together: a form is needed, or only usual",
                "pattern과 usual이 함께 있습니다. 꼭 맞아야 하는 형식인지 보통의 형식인지 하나만 써 주세요",
            ),
        )
    elif pattern is None or not setting.fits:
        mistakes.add(
            path,
            Words(
                f"{key} and fits go together: what fits is told in words",
                f"{key}과 fits는 함께 써야 합니다. 무엇이 맞는지 말로 알려 주기 위해서입니다",
            ),
        )
    elif setting.kind not in ("text", "url"):
        mistakes.add(
            (*path, key),
            Words(
                f'kind = "{setting.kind}" says already what is accepted',
                f'kind = "{setting.kind}"에 이미 허용되는 값이 정해져 있습니다',
            ),
        )
    else:
        try:
            re.compile(pattern)
        except re.error as error:
            mistakes.add(
                (*path, key),
                Words(f"is no regular expression: {error}", f"정규식이 아닙니다: {error}"),
            )


def _check_used(profile: Profile, mistakes: Mistakes) -> None:
    """Note settings that are asked for and stand nowhere."""
    if profile.connect.auth and profile.connect.auth.python:
        return  # what a package's authentication takes is its own matter
    used = {name for _, _, text in texts_of(profile) for name in _PLACEHOLDER.findall(text)}
    used |= {
        name
        for _, kind, text in texts_of(profile)
        if kind is Kind.EXPRESSION
        for name in _SETTING.findall(text)
    }
    for name in profile.settings:
        if name not in used and _NAME.fullmatch(name):
            mistakes.add(
                ("settings", name),
                Words(
                    f"is asked for, but {{{name}}} stands nowhere",
                    f"입력을 요청하지만 {{{name}}}을(를) 쓰는 곳이 없습니다",
                ),
            )


def _check_names(profile: Profile, path: Path, text: str, mistakes: Mistakes) -> None:
    """Note parts and settings that an expression names and the profile does not have."""
    parts = profile.listings.parts if path[0] == "listings" and profile.listings else profile.orders.parts
    for name in _PART.findall(text):
        if name not in parts:
            mistakes.add(path, _no_part(name, list(parts)))
    open_settings = [name for name, setting in profile.settings.items() if not setting.secret]
    for name in _SETTING.findall(text):
        if name in open_settings:
            continue
        if name in profile.settings:
            words = Words(
                f"_settings.{name} is a secret; expressions see none",
                f"_settings.{name}은(는) 비밀 값이므로 식에서 쓸 수 없습니다",
            )
        else:
            words = Words(
                f"there is no setting {name} ({', '.join(open_settings) or '-'})",
                f"{name} 설정이 없습니다(있는 설정: {', '.join(open_settings) or '-'})",
            )
        mistakes.add(path, words)


def _no_part(name: str, known: list[str]) -> Words:
    near = difflib.get_close_matches(name, known, n=1)
    meant = (
        Words(f"; did you mean _parts.{near[0]}?", f" 혹시 _parts.{near[0]}인가요?")
        if near
        else Words("", "")
    )
    return Words(
        f"there is no part {name}{meant.en} ({', '.join(known) or 'none is declared'})",
        f"{name} 부분이 없습니다.{meant.ko} (있는 부분: {', '.join(known) or '없음'})",
    )


def _check_auth(auth: Auth, mistakes: Mistakes) -> None:
    given = [key for key in _KINDS if getattr(auth, key) is not None]
    if len(given) == 1:
        return
    allowed = ", ".join(_KINDS)
    if given:
        words = Words(
            f"{' and '.join(given)} stand together; a request is signed in one way",
            f"{', '.join(given)}이(가) 함께 있습니다. 인증 방식은 하나만 쓸 수 있습니다",
        )
    else:
        words = Words(
            f"names no way to sign: one of {allowed}",
            f"인증 방식이 없습니다. 다음 중 하나를 써 주세요: {allowed}",
        )
    mistakes.add(("connect", "auth"), words)
