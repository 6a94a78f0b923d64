"""Pages from folders and zips: what is read, what is left out, what is refused."""

import os
import stat
import struct
import warnings
import zipfile
from pathlib import Path

import pytest

from catalog.exchange import sources
from catalog.exchange.sources import read_source
from catalog.exchange.values import Unreadable
from tests.catalog.exchange_pages import FOLDER, PAGES, write_pages


def make_zip(path: Path, entries: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path


def zip_of_pages(path: Path, **more: bytes) -> Path:
    return make_zip(path, {f"main/{name}": text.encode() for name, text in PAGES.items()} | more)


def refusal(path: Path) -> str:
    with pytest.raises(Unreadable) as refused:
        read_source(path)
    said = str(refused.value)
    assert said.endswith(".")
    assert "\n" not in said
    return said


def test_a_folder_and_a_zip_of_it_hold_the_same_pages(tmp_path: Path) -> None:
    folder = read_source(write_pages(tmp_path / "checkout"))
    zipped = read_source(zip_of_pages(tmp_path / "main.zip"))
    assert [page.text for page in folder.pages] == [page.text for page in zipped.pages]
    assert [page.file for page in folder.pages] == sorted(PAGES)
    assert not folder.faults


def test_only_the_pages_of_the_site_are_read_where_there_is_one(tmp_path: Path) -> None:
    folder = write_pages(tmp_path, {**PAGES, "old.md": "## 2.1 Old", ".git/x.md": "## 2.2 Never"})
    assert [page.file for page in read_source(folder).pages] == sorted(PAGES)


def test_any_page_is_read_where_there_is_no_site(tmp_path: Path) -> None:
    folder = write_pages(tmp_path, {"owaspaiexchange.md": "## 2.1 Evasion", "notes.txt": "no page"})
    assert [page.file for page in read_source(folder).pages] == ["owaspaiexchange.md"]


def test_the_settings_of_the_site_are_read_too(tmp_path: Path) -> None:
    folder = write_pages(tmp_path, {**PAGES, "content/ai_exchange/firebase.json": "{}"})
    assert [page.text for page in read_source(folder).settings] == ["{}"]


def test_what_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "no folder or zip" in refusal(tmp_path / "nothing")


def test_a_file_that_is_no_zip_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "page.md"
    file.write_text("## 2.1. Evasion")
    assert "neither a folder nor a zip" in refusal(file)


def test_a_folder_without_pages_is_refused(tmp_path: Path) -> None:
    assert "no page" in refusal(tmp_path)


def test_a_page_that_is_not_utf8_is_a_fault_and_is_read_on(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"## 2.1. Evasion\n\ncaf\xe9\n\n## 2.2. More\n")
    source = read_source(tmp_path)
    assert [(fault.file, fault.line) for fault in source.faults] == [("a.md", 3)]
    assert "## 2.2. More" in source.pages[0].text


def test_line_ends_of_all_systems_count_alike(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"\xef\xbb\xbfone\r\ntwo\rthree\n")
    assert read_source(tmp_path).pages[0].text == "one\ntwo\nthree\n"


def test_links_in_a_folder_are_not_followed(tmp_path: Path) -> None:
    outside = write_pages(tmp_path / "outside", {"secret.md": "## 2.9. Secret"})
    folder = write_pages(tmp_path / "folder", {"a.md": "## 2.1. Evasion"})
    (folder / "b.md").symlink_to(outside / "secret.md")
    (folder / "c").symlink_to(outside, target_is_directory=True)
    source = read_source(folder)
    assert [page.file for page in source.pages] == ["a.md"]
    assert {fault.file for fault in source.faults} == {"b.md", "c"}


def test_a_pipe_in_a_folder_is_not_waited_for(tmp_path: Path) -> None:
    folder = write_pages(tmp_path, {"a.md": "## 2.1. Evasion"})
    os.mkfifo(folder / "b.md")
    assert [page.file for page in read_source(folder).pages] == ["a.md"]


def test_a_large_file_in_a_folder_is_left_out(tmp_path: Path) -> None:
    folder = write_pages(tmp_path, {"a.md": "## 2.1. Evasion"})
    (folder / "b.md").write_bytes(b"x" * (sources.LARGEST_FILE + 1))
    source = read_source(folder)
    assert [page.file for page in source.pages] == ["a.md"]
    assert [fault.file for fault in source.faults] == ["b.md"]


def test_a_folder_with_too_many_pages_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MOST_FILES", 2)
    assert "more than 2" in refusal(write_pages(tmp_path, {f"{number}.md": "x" for number in range(3)}))


@pytest.mark.parametrize("name", ["/etc/page.md", "../page.md", "a/../../page.md", "C:/page.md", "..\\page.md"])
def test_a_zip_that_leads_outside_is_refused(tmp_path: Path, name: str) -> None:
    assert "outside" in refusal(make_zip(tmp_path / "x.zip", {name: b"## 2.1. Evasion"}))


def test_a_zip_with_a_link_is_refused(tmp_path: Path) -> None:
    path = zip_of_pages(tmp_path / "x.zip")
    link = zipfile.ZipInfo("main/link.md")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    assert "is a link" in refusal(path)


def test_a_zip_with_two_entries_of_one_name_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w") as archive:
        warnings.simplefilter("ignore")
        archive.writestr("a.md", "one")
        archive.writestr("a.md", "two")
    assert "two entries" in refusal(path)


def test_a_zip_with_too_many_entries_is_refused(tmp_path: Path) -> None:
    entries = {f"{number}.txt": b"" for number in range(sources.MOST_FILES + 1)}
    assert "more than 5000 entries" in refusal(make_zip(tmp_path / "x.zip", entries))


def test_a_zip_that_lies_about_its_number_of_entries_is_refused(tmp_path: Path) -> None:
    entries = {f"{number}.txt": b"" for number in range(sources.MOST_FILES + 1)}
    path = make_zip(tmp_path / "x.zip", entries)
    raw = bytearray(path.read_bytes())
    place = raw.rfind(b"PK\x05\x06")
    raw[place + 8 : place + 12] = struct.pack("<HH", 1, 1)
    path.write_bytes(raw)
    assert "more than 5000 entries" in refusal(path)


def test_a_zip_whose_list_of_entries_is_huge_is_not_opened(tmp_path: Path) -> None:
    path = zip_of_pages(tmp_path / "x.zip")
    raw = bytearray(path.read_bytes())
    place = raw.rfind(b"PK\x05\x06")
    raw[place + 12 : place + 16] = struct.pack("<L", sources.LARGEST_INDEX + 1)
    path.write_bytes(raw)
    assert "entries" in refusal(path)


def test_a_zip_with_a_page_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    path = zip_of_pages(tmp_path / "x.zip", **{f"{FOLDER}/bomb.md": b"\x00" * (sources.LARGEST_FILE + 1)})
    assert path.stat().st_size < 10_000
    assert "larger than 2000000 bytes" in refusal(path)


def test_the_size_in_the_header_is_not_believed(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "x.zip", {"bomb.md": b"\x00" * (sources.LARGEST_FILE + 1)})
    raw = path.read_bytes()
    said = struct.pack("<L", sources.LARGEST_FILE + 1)
    path.write_bytes(raw.replace(said, struct.pack("<L", 10)))
    refusal(path)


def test_pages_that_are_too_large_together_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "LARGEST_SOURCE", 100)
    assert "together" in refusal(zip_of_pages(tmp_path / "x.zip"))
    assert "together" in refusal(write_pages(tmp_path / "folder"))


def test_large_pictures_and_zips_within_a_zip_are_left_alone(tmp_path: Path) -> None:
    path = zip_of_pages(tmp_path / "x.zip", **{"main/a.png": b"\x00" * 3_000_000, "main/b.zip": b"PK\x03\x04"})
    assert len(read_source(path).pages) == len(PAGES)


def test_a_broken_zip_is_refused(tmp_path: Path) -> None:
    path = zip_of_pages(tmp_path / "x.zip")
    raw = bytearray(path.read_bytes())
    raw[60:200] = b"\xff" * 140
    path.write_bytes(raw)
    assert "cannot be unpacked" in refusal(path)


def test_a_zip_that_is_encrypted_is_refused(tmp_path: Path) -> None:
    path = zip_of_pages(tmp_path / "x.zip")
    raw = bytearray(path.read_bytes())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        found = raw.find(mark)
        while found >= 0:
            raw[found + place] |= 1
            found = raw.find(mark, found + 4)
    path.write_bytes(raw)
    assert "cannot be unpacked" in refusal(path)
