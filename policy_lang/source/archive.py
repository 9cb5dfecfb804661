"""Office files are zip archives: looked through before they are opened, and made the same every time they are written."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

_MOST_UNPACKED = 48 * 1024 * 1024
_MOST_BESIDE_SHEETS = 8 * 1024 * 1024
_MOST_MEMBERS = 2_000
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip archive can name
_DECLARES = tuple(word.encode(code) for word in ("<!DOCTYPE", "<!ENTITY") for code in ("utf-8", "utf-16-le"))
_WRITTEN_ON = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:\2>)")


_PART = re.compile(rb"<Override\b[^>]*>")
_PART_NAME = re.compile(rb"""\bPartName=["']/([^"']*)["']""")
_STYLES = "xl/styles.xml"


def archive_mistake(data: bytes) -> str:
    """What speaks against opening an archive, as a sentence; nothing when it may be opened.

    Its parts may not unpack to more than 48 MiB together (what they claim is also all that is ever unpacked), be
    locked, or declare entities of their own. Sheets are read row by row; what is read as a whole before the first row,
    such as formats and shared texts, may not have more than 8 MiB.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if len(members) > _MOST_MEMBERS or sum(one.file_size for one in members) > _MOST_UNPACKED:
                return "this file unpacks to more than 48 MiB, too much for a list of answers"
            if any(one.flag_bits & 1 for one in members):
                return "this file is locked with a password"
            sheets = _sheets(archive)
            beside = 0
            for one in members:
                if one.filename.startswith("xl/media/"):
                    continue
                beside += 0 if one.filename in sheets else one.file_size
                text = archive.read(one)
                if any(word in text for word in _DECLARES):
                    return "this file declares entities of its own, which no office program does"
            if beside > _MOST_BESIDE_SHEETS:
                return "this file has more than 8 MiB of formats, texts and names beside its sheets"
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError):
        return "this file is damaged, or of another kind than its name says"
    return ""


def _sheets(archive: zipfile.ZipFile) -> set[str]:
    """The parts of a workbook that are sheets and nothing else."""
    try:
        parts = _PART.findall(archive.read("[Content_Types].xml"))
    except KeyError:
        return set()
    said: dict[str, list[bytes]] = {}
    for part in parts:
        if (name := _PART_NAME.search(part)) is not None:
            said.setdefault(name[1].decode("utf-8", "replace"), []).append(part)
    return {
        name
        for name, parts in said.items()
        if len(parts) == 1 and b".worksheet+xml" in parts[0] and name != _STYLES
    }


def with_fixed_dates(data: bytes) -> bytes:
    """The same archive with nothing in it that depends on when it was written, so that equal contents are equal bytes."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as archive,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as fixed,
    ):
        for one in archive.infolist():
            content = archive.read(one)
            if one.filename == "docProps/core.xml":
                content = _WRITTEN_ON.sub(rb"\g<1>1980-01-01T00:00:00Z\g<3>", content)
            info = zipfile.ZipInfo(one.filename, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3  # the same on every operating system
            info.external_attr = 0o600 << 16
            fixed.writestr(info, content)
    return made.getvalue()


def printable(text: str) -> str:
    """The text without what a part of an office file cannot hold; line ends and tabs stay."""
    return "".join(one if one in "\n\t" or one.isprintable() else "\ufffd" for one in text)
