"""Finds the pages in a folder or a zip, safely: what comes from elsewhere may be broken or meant to do harm.

A zip is refused as a whole when anything about it is odd. In a folder, which someone has unpacked and can look at,
a single odd file is left out and said to be a fault. Sizes are counted while reading; headers are never trusted.
"""

import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from catalog.exchange.values import Fault, Page, Source, Unreadable

MOST_FILES = 5_000
LARGEST_FILE = 2_000_000  # bytes; the largest page has a fifth of a megabyte
LARGEST_SOURCE = 100_000_000  # bytes of all pages together
LARGEST_INDEX = 4_000_000  # bytes of a zip's list of entries: room for 5 000 long names
SETTINGS = ("firebase.json",)  # where the site keeps its redirects
LEFT_OUT = {".git", ".github", "node_modules"}
READ_AT_ONCE = 65_536
END_OF_ZIP, END_OF_LARGE_ZIP = b"PK\x05\x06", b"PK\x06\x07"


def read_source(path: Path) -> Source:
    """The pages at a path, a folder or a zip, in the order of their names. Raises Unreadable with a sentence."""
    try:
        if path.is_dir():
            files, faults = _files_of_folder(path)
        elif path.is_file():
            files, faults = _files_of_zip(path), []
        else:
            raise Unreadable(f"There is no folder or zip at {path}.")
    except OSError as error:
        raise Unreadable(f"{path} cannot be read: {error.strerror}.") from error
    pages: list[Page] = []
    settings: list[Page] = []
    for name, raw in files:
        text, wrong = _decoded(name, raw)
        faults.extend(wrong)
        (settings if name.endswith(SETTINGS) else pages).append(Page(name, text))
    if not pages:
        raise Unreadable(f"There is no page in Markdown at {path}.")
    return Source(tuple(_published(pages)), tuple(settings), tuple(faults))


def _published(pages: list[Page]) -> list[Page]:
    """A checkout holds older copies beside the pages of the site; those are below `content/docs` since 2023."""
    return [page for page in pages if "/content/docs/" in f"/{page.file}"] or pages


def _is_wanted(name: str) -> bool:
    return name.lower().endswith((".md", ".markdown")) or name.rpartition("/")[2] in SETTINGS


def _decoded(name: str, raw: bytes) -> tuple[str, list[Fault]]:
    """The text of a file. What is not UTF-8 becomes a replacement sign, so that the rest can still be read."""
    try:
        text, faults = raw.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        text, faults = raw.decode("utf-8-sig", errors="replace"), [Fault(name, line, "This is not UTF-8.")]
    return text.replace("\r\n", "\n").replace("\r", "\n"), faults


# Folders


def _files_of_folder(folder: Path) -> tuple[list[tuple[str, bytes]], list[Fault]]:
    files: list[tuple[str, bytes]] = []
    faults: list[Fault] = []
    room = LARGEST_SOURCE
    for path in _wanted_paths(folder, faults):
        name = path.relative_to(folder).as_posix()
        try:
            with path.open("rb") as file:
                raw = file.read(LARGEST_FILE + 1)
        except OSError as error:
            faults.append(Fault(name, 0, f"This file cannot be read: {error.strerror}."))
            continue
        if len(raw) > LARGEST_FILE:
            faults.append(Fault(name, 0, f"This file is larger than {LARGEST_FILE} bytes and was left out."))
            continue
        room -= len(raw)
        if room < 0:
            raise Unreadable(f"The pages in {folder} are larger than {LARGEST_SOURCE} bytes together.")
        files.append((name, raw))
    return files, faults


def _wanted_paths(folder: Path, faults: list[Fault]) -> Iterator[Path]:
    """Plain files that may hold something for us. A link is never followed: it may lead outside the folder."""
    count = 0

    def closed(error: OSError) -> None:
        faults.append(Fault(str(error.filename), 0, f"This folder cannot be read: {error.strerror}."))

    for place, folders, names in os.walk(folder, onerror=closed):
        within = Path(place)
        folders[:] = sorted(name for name in folders if name not in LEFT_OUT)
        for name in [*folders, *sorted(names)]:
            path = within / name
            mode = path.lstat().st_mode
            wanted = _is_wanted(name)
            if stat.S_ISLNK(mode) and (wanted or name in folders):
                faults.append(Fault(path.relative_to(folder).as_posix(), 0, "This is a link and was not followed."))
            elif wanted and stat.S_ISREG(mode):
                count += 1
                if count > MOST_FILES:
                    raise Unreadable(f"{folder} has more than {MOST_FILES} pages.")
                yield path


# Zips


def _files_of_zip(path: Path) -> list[tuple[str, bytes]]:
    with path.open("rb") as file:
        _check_index(path, file)
        try:
            with zipfile.ZipFile(file) as archive:
                entries = archive.infolist()
                _check_entries(path, entries)
                return list(_unpacked(path, archive, entries))
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
            # RuntimeError: encrypted; NotImplementedError: a way of packing that Python does not know
            raise Unreadable(f"The zip {path} cannot be unpacked: {error}.") from error


def _check_index(path: Path, file: IO[bytes]) -> None:
    """Python reads the whole list of entries when it opens a zip, so its size is looked at before."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - 66_000))  # the end record is followed by a comment of at most 65 535 bytes
    tail = file.read()
    place = tail.rfind(END_OF_ZIP)
    if place < 0 or len(tail) < place + 22:
        raise Unreadable(f"{path} is neither a folder nor a zip.")
    entries, index = struct.unpack("<HL", tail[place + 10 : place + 16])
    if entries > MOST_FILES or index > LARGEST_INDEX or END_OF_LARGE_ZIP in tail[max(0, place - 20) : place]:
        raise Unreadable(f"The zip {path} has more than {MOST_FILES} entries.")
    file.seek(0)


def _check_entries(path: Path, entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_FILES:
        raise Unreadable(f"The zip {path} has more than {MOST_FILES} entries.")
    names: set[str] = set()
    for entry in entries:
        name = entry.orig_filename.replace("\\", "/")
        shown = ascii(entry.orig_filename[:100])
        if name.startswith("/") or name[1:2] == ":" or ".." in name.split("/") or "\x00" in name:
            raise Unreadable(f"The zip {path} has an entry that leads outside it: {shown}.")
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise Unreadable(f"The zip {path} has an entry that is a link: {shown}.")
        if name in names:
            raise Unreadable(f"The zip {path} has two entries of one name: {shown}.")
        names.add(name)


def _unpacked(path: Path, archive: zipfile.ZipFile, entries: Iterable[zipfile.ZipInfo]) -> Iterator[tuple[str, bytes]]:
    room = LARGEST_SOURCE
    wanted = [entry for entry in entries if not entry.is_dir() and _is_wanted(entry.filename)]
    for entry in sorted(wanted, key=lambda entry: entry.filename):
        if LEFT_OUT & set(entry.filename.split("/")):
            continue
        with archive.open(entry) as file:
            raw = _at_most(file, LARGEST_FILE + 1)
        if len(raw) > LARGEST_FILE:
            raise Unreadable(f"The zip {path} has a page larger than {LARGEST_FILE} bytes: {entry.filename!a}.")
        room -= len(raw)
        if room < 0:
            raise Unreadable(f"The pages in the zip {path} are larger than {LARGEST_SOURCE} bytes together.")
        yield entry.filename, raw


def _at_most(file: IO[bytes], size: int) -> bytes:
    """Up to so many bytes, whatever the headers say of the size."""
    raw = b""
    while len(raw) < size and (part := file.read(min(READ_AT_ONCE, size - len(raw)))):
        raw += part
    return raw
