"""Tells what kind of file it is by its content; its name may say anything."""

from enum import Enum
from pathlib import Path
from typing import Final
from zipfile import BadZipFile, ZipFile

from tillbridge.model.errors import InputError
from tillbridge.model.words import Words

_SAMPLE: Final = 4_096
_ZIP: Final = b"PK\x03\x04"
_EMPTY_ZIP: Final = b"PK\x05\x06"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# How Microsoft's container names the part of a workbook with a password.
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_MARKUP: Final = (b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"<head")
_SAVE: Final = Words(
    "Open it and save it as XLSX or CSV (UTF-8).", "파일을 열어 XLSX 또는 CSV(UTF-8)로 저장해 주세요."
)


class Kind(Enum):
    """What kinds of file can be read."""

    TEXT = "text"
    XLSX = "xlsx"


def kind_of(path: Path) -> Kind:
    """Return what kind of file it is.

    Raises:
        InputError: it is one that cannot be read; it says which, and what to do.
        OSError: the file cannot be opened.
    """
    with path.open("rb") as stream:
        start = stream.read(_SAMPLE)
    if start.startswith((_ZIP, _EMPTY_ZIP)):
        return _zipped(path)
    if start.startswith(_OLE):
        raise _refused(path, _protected() if _is_encrypted(path) else _old())
    if start.startswith(b"%PDF"):
        raise _refused(
            path, Words("is a PDF: it has no rows that can be read.", "PDF 파일이라 줄을 읽을 수 없습니다.")
        )
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_MARKUP):
        raise _refused(
            path,
            Words(
                "is a web page or XML that only calls itself a spreadsheet.",
                "이름만 스프레드시트일 뿐 실제로는 웹 페이지(HTML) 또는 XML입니다.",
            ),
        )
    return Kind.TEXT


def _zipped(path: Path) -> Kind:
    try:
        with ZipFile(path) as archive:
            names = set(archive.namelist())
            mime = archive.read("mimetype")[:100] if "mimetype" in names else b""
    except (BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise damaged(path) from error
    if "xl/workbook.bin" in names:
        raise _refused(path, Words("is a binary workbook (XLSB).", "바이너리 통합 문서(XLSB)입니다."))
    if b"opendocument" in mime:
        raise _refused(
            path, Words("is an OpenDocument spreadsheet (ODS).", "OpenDocument 스프레드시트(ODS)입니다.")
        )
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise _refused(
            path,
            Words(
                "is a packed file and no spreadsheet in XLSX.", "압축 파일이며 XLSX 스프레드시트가 아닙니다."
            ),
        )
    return Kind.XLSX


def damaged(path: Path) -> InputError:
    """Return what there is to say of a workbook that cannot be read."""
    return _refused(path, Words("is damaged.", "손상된 파일입니다."))


def _is_encrypted(path: Path) -> bool:
    with path.open("rb") as stream:
        before = b""
        while piece := stream.read(1 << 20):
            if _ENCRYPTED in before + piece:
                return True
            before = piece[-len(_ENCRYPTED) :]
    return False


def _protected() -> Words:
    return Words(
        "is protected by a password. Take the password off first.",
        "암호로 보호되어 있습니다. 먼저 암호를 해제해 주세요.",
    )


def _old() -> Words:
    return Words("is a workbook of the old kind (XLS).", "이전 형식(XLS)의 통합 문서입니다.")


def _refused(path: Path, why: Words) -> InputError:
    return InputError(Words(f"{path.name} {why.en} {_SAVE.en}", f"{path.name}: {why.ko} {_SAVE.ko}"))
