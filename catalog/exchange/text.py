"""What a line says, without its markup. All patterns are linear: their repeats are bounded or cannot overlap."""

import html
import re
import unicodedata

LONGEST_LINE = 100_000  # characters; anything longer is no text for people
LONGEST_HEADING = 200  # as in the catalog

TAG = re.compile(r"<[^<>]{0,300}>")
LINK = re.compile(r"\[([^\[\]]{0,300})\]\(([^()\s]{0,500})(?:\s[^()]{0,200})?\)")
ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
ANCHOR_MARK = re.compile(r"\{#[^{}]{0,100}\}")
ADDRESS = re.compile(r"https?://[^\s()<>\[\]\"']{1,500}")
PERMANENT = re.compile(r"(?:^|/)go(?:to)?/([A-Za-z0-9][A-Za-z0-9_-]{0,59})/?(?:$|[?#)\]}>*_\s])")
KEY = re.compile(r"[a-z0-9]+(?:[_-][a-z0-9]+)*")
OTHER_SITE = re.compile(r"https?://(?!(?:www\.)?owaspai\.org(?:[/#:]|$))", re.IGNORECASE)


def fold(text: str) -> str:
    """The letters and digits alone: names that differ in case, spaces and punctuation are the same name."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).casefold() if sign.isalnum())


def plain(text: str) -> str:
    """The text of a heading or a label: no links, tags, emphasis or escapes, and nothing a terminal would obey."""
    text = LINK.sub(r"\1", ANCHOR_MARK.sub("", TAG.sub(" ", text)))
    text = html.unescape(ESCAPE.sub(r"\1", text)).replace("**", "").replace("__", "").replace("`", "")
    visible = "".join(sign if unicodedata.category(sign)[0] != "C" else " " for sign in text)
    return " ".join(visible.split()).strip("*_ ")


def key_of(address: str) -> str | None:
    """The key at the end of a permanent address such as https://owaspai.org/go/evasion/ or /goto/evasion."""
    found = None if OTHER_SITE.match(address) else PERMANENT.search(address)
    key = found.group(1).lower().rstrip("-_") if found else ""
    return key if KEY.fullmatch(key) else None


def anchor_of(address: str) -> str | None:
    """The folded anchor of an address within the site: "21evasion" for /docs/2_threats/#21-evasion."""
    path, mark, anchor = address.partition("#")
    within = not path or path.startswith(("/", ".")) or (not OTHER_SITE.match(path) and "://" in path)
    return fold(anchor) or None if mark and within else None


def key_from(heading: str) -> str:
    """The key that a heading without a permanent address would get: what follows a dash or a bracket is a remark."""
    name = heading.split(" - ")[0].split("(")[0]
    return "".join(sign for sign in fold(name or heading) if sign.isascii())[:60]


def links_of(text: str) -> list[tuple[str, str]]:
    """The links of a line: words and address. An address that stands bare has no words."""
    found = [(plain(words).lstrip("#").strip(), address) for words, address in LINK.findall(text)]
    bare = ADDRESS.findall(LINK.sub(" ", text))
    return [*found, *(("", address) for address in bare)]
