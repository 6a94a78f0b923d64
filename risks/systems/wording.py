"""Putting words and sentences together."""

from collections.abc import Iterable


def one_of(words: Iterable[str]) -> str:
    """ "A, B or C"."""
    *others, last = words
    return f"{', '.join(others)} or {last}" if others else last


def joined(sentences: Iterable[str]) -> str:
    """Sentences as clauses of one, without a full stop: "its output is text and it can do harm"."""
    return " and ".join(_as_clause(sentence) for sentence in sentences)


def _as_clause(sentence: str) -> str:
    """No full stop, and no capital unless the sentence begins with an abbreviation."""
    clause = sentence.removesuffix(".")
    return clause if clause[1:2].isupper() else clause[:1].lower() + clause[1:]
