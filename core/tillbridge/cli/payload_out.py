"""Gives a kept payload out, byte for byte as the webstore sent it."""

import base64
import hashlib
import os
import sys
from pathlib import Path
from typing import Any

from tillbridge.cli.session import Session
from tillbridge.model.errors import InputError
from tillbridge.model.words import Words
from tillbridge.replay import KeptPayload

_PRIVATE = Words(
    "This is what the webstore sent, with the customer's data: give it only to those who may see it.",
    "웹스토어가 보낸 원본이며 고객 개인정보가 들어 있습니다. 볼 권한이 있는 사람에게만 전달해 주세요.",
)


def give_out(session: Session, kept: KeptPayload, *, part: str, out: Path | None) -> None:
    """Write one part to a file or to the standard output; as JSON, say everything about all of them.

    Raises:
        InputError: the part is not there, or there are several and none is named; the file cannot be written.
    """
    if session.as_json and out is None:
        session.give(_data(kept, part))
    elif out is None:
        content = _chosen(kept, part)
        session.complain(_PRIVATE)
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    else:
        content = _chosen(kept, part)
        write_new(out, content)
        session.complain(_PRIVATE)
        said = Words(
            f"{len(content)} bytes of order {kept.webstore_id} are written to {out}.",
            f"{kept.webstore_id} 주문의 데이터 {len(content)}바이트를 {out}에 저장했습니다.",
        )
        session.say(said.say(session.language))
        if session.as_json:
            session.give(_data(kept, part) | {"file": str(out)})


def _chosen(kept: KeptPayload, part: str) -> bytes:
    names = ", ".join(kept.parts)
    if part:
        if part not in kept.parts:
            raise InputError(
                Words(f"There is no part {part!r}. There are: {names}.", f"{part!r} 부분이 없습니다: {names}")
            )
        return kept.parts[part]
    if len(kept.parts) != 1:
        raise InputError(
            Words(
                f"The payload has several parts ({names}); say which with --part.",
                f"데이터가 여러 부분({names})으로 되어 있습니다. --part로 지정해 주세요.",
            )
        )
    return next(iter(kept.parts.values()))


def write_new(path: Path, content: bytes) -> None:
    """Write a file for nobody else to read; what is there already is not overwritten.

    Raises:
        InputError: it is there, or cannot be written.
    """
    try:
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(number, "wb") as file:
            file.write(content)
    except FileExistsError:
        raise InputError(
            Words(
                f"{path} is there already; name another file.",
                f"{path} 파일이 이미 있습니다. 다른 이름을 지정해 주세요.",
            )
        ) from None
    except OSError as error:
        raise InputError(
            Words(
                f"{path} cannot be written ({type(error).__name__}).",
                f"{path} 파일을 저장할 수 없습니다({type(error).__name__}).",
            )
        ) from error


def _data(kept: KeptPayload, part: str) -> dict[str, Any]:
    chosen = {part: _chosen(kept, part)} if part else kept.parts
    return {
        "id": kept.order_id,
        "connection": kept.connection,
        "webstore_id": kept.webstore_id,
        "source": kept.source,
        "received_at": kept.received_at.isoformat(),
        "parts": {name: _part_data(content) for name, content in chosen.items()},
    }


def _part_data(content: bytes) -> dict[str, Any]:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        text = None
    return {
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "text": text,
        "base64": base64.b64encode(content).decode(),
    }
