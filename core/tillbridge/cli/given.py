"""Reads settings, secrets and locations as a command line gives them (`key=value`)."""

import getpass
import os
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from tillbridge.model.errors import InputError
from tillbridge.model.words import Words

_VARIABLE: Final = re.compile("[A-Z][A-Z0-9_]{0,60}")


def read_pairs(given: Iterable[str], *, option: str) -> dict[str, str]:
    """Return `key=value` pairs as a mapping.

    Raises:
        InputError: one has no "=", or a key comes twice. Its value is not repeated: it may be secret.
    """
    found: dict[str, str] = {}
    for text in given:
        key, equals, value = text.partition("=")
        key = key.strip()
        if not equals or not key:
            raise InputError(
                Words(f"{option} needs key=value.", f"{option}은(는) key=value 형식으로 지정해 주세요.")
            )
        if key in found:
            raise InputError(
                Words(f"{option} {key} is given twice.", f"{option} {key}이(가) 두 번 지정되었습니다.")
            )
        found[key] = value
    return found


def read_secrets(given: Iterable[str]) -> dict[str, str]:
    """Return secrets from where they stand: env:NAME, @file, or - for the standard input.

    Raises:
        InputError: a source is not there or is empty, or a secret stands on the command line itself.
    """
    pairs = read_pairs(given, option="--secret")
    if sum(source == "-" for source in pairs.values()) > 1:
        raise InputError(
            Words(
                "Only one --secret can come from the standard input.",
                "표준 입력(-)으로는 --secret을 하나만 지정할 수 있습니다.",
            )
        )
    return {key: _read_secret(key, source) for key, source in pairs.items()}


def _read_secret(key: str, source: str) -> str:
    if source == "-":
        value = getpass.getpass(f"{key}: ") if sys.stdin.isatty() else sys.stdin.readline()
    elif source.startswith("env:"):
        value = _read_variable(key, source.removeprefix("env:"))
    elif source.startswith("@"):
        value = _read_file(key, Path(source[1:]))
    else:
        raise InputError(
            Words(
                f"--secret {key} must say where the secret is, so that no history keeps it: "
                f"{key}=env:NAME, {key}=@FILE or {key}=-.",
                f"--secret {key}은(는) 기록에 남지 않도록 값 대신 위치를 지정해 주세요: "
                f"{key}=env:이름, {key}=@파일, {key}=-.",
            )
        )
    if not value.strip():
        # What stands after "env:" may be the secret itself, given by mistake: it is not repeated.
        raise InputError(
            Words(
                f"The secret {key} is empty where --secret looks for it.",
                f"--secret {key}에 지정한 위치의 값이 비어 있습니다.",
            )
        )
    return value.strip()


def _read_variable(key: str, name: str) -> str:
    value = os.environ.get(name)
    # What stands after "env:" may be the secret itself, given by mistake; it seldom looks like a variable.
    if value is None and _VARIABLE.fullmatch(name):
        raise InputError(
            Words(
                f"The variable {name} for --secret {key} is not set. Set it with `export {name}=…`.",
                f"--secret {key}의 환경 변수 {name}이(가) 설정되어 있지 않습니다. "
                f"`export {name}=…`으로 지정해 주세요.",
            )
        )
    return value or ""


def _read_file(key: str, path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise InputError(
            Words(f"There is no such file for --secret {key}.", f"--secret {key}에 지정한 파일이 없습니다.")
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            Words(
                f"The file for --secret {key} cannot be read ({type(error).__name__}).",
                f"--secret {key}의 파일을 읽을 수 없습니다({type(error).__name__}).",
            )
        ) from error
