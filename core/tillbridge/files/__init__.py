"""A connection's files: delivered to a folder, by SFTP or by HTTPS, each replaced whole or not at all."""

from tillbridge.files.delivering import FileReceipt, Files, open_files
from tillbridge.files.keeping import Copies, SentFile
from tillbridge.files.settings import NAMES, FilesSettings, place_in
from tillbridge.files.words import HostKeyUnknown

__all__ = [
    "NAMES",
    "Copies",
    "FileReceipt",
    "Files",
    "FilesSettings",
    "HostKeyUnknown",
    "SentFile",
    "open_files",
    "place_in",
]
