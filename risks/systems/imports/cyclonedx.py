"""A CycloneDX BOM as one system with its components; what it does not say stays unknown. Pure.

Source: CycloneDX 1.5 to 1.7, JSON (https://cyclonedx.org/docs/1.7/json/); ECMA-424.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from api.parsers import parse_json
from risks.systems.answers import shown
from risks.systems.imports.bom import Entry, object_in, objects_in, text_in
from risks.systems.imports.model_cards import answers_of, data_of, note_of
from risks.systems.imports.plan import PlannedComponent, PlannedSystem, Reading, Remark, UnreadableError

FORMAT = "CycloneDX"
VERSIONS = ("1.5", "1.6", "1.7")
MOST_ENTRIES = 20_000  # components at all depths
MOST_COMPONENTS = 200  # of one system
LONGEST_NAME, LONGEST_PURPOSE = 120, 2_000

KINDS = {
    "machine-learning-model": "model",
    "data": "data_set",
    "application": "application",
    "platform": "infrastructure",
    "container": "infrastructure",
    "device": "infrastructure",
}
NO_PURPOSE = "Not described yet."


def system_of(raw: bytes) -> Reading:
    """The system a BOM is about. Raises UnreadableError for what is no BOM of a version that is known here."""
    bom = _bom(raw)
    subject = object_in(object_in(bom, "metadata"), "component")
    if not subject:
        raise UnreadableError("The BOM does not say what it is about: metadata.component is missing.")
    entries = [("metadata.component", subject), *_entries(bom.get("components"), "components")]
    refs = _by_ref(entries)
    errors: list[Remark] = []
    warnings: list[Remark] = []
    _refuse_circles(entries, refs)
    data = {place: data_of(entry, place, refs, warnings) for place, entry in entries if _is_model(entry)}
    inline = [
        (f"{place}.modelCard.modelParameters.datasets[{index}]", each)
        for place, found in data.items()
        for index, each in found
        if "ref" not in each
    ]
    parts = list(_parts(bom, entries, inline, warnings))
    if len(parts) > MOST_COMPONENTS:
        errors.append(Remark(f"The BOM has {len(parts)} components; a system takes at most {MOST_COMPONENTS}."))
    errors.extend(_too_long(parts, subject))
    purpose = text_in(subject, "description")[:LONGEST_PURPOSE]
    if not purpose:
        warnings.append(
            Remark(f"It is not said, so the purpose reads “{NO_PURPOSE}”", place="metadata.component.description")
        )
    system = PlannedSystem(
        name=text_in(subject, "name"),
        purpose=purpose or NO_PURPOSE,
        answers=answers_of(entries, data),
        components=tuple(part for _, part in parts),
    )
    return Reading(f"{FORMAT} {bom['specVersion']}", (system,), tuple(errors), tuple(warnings), tuple(_notes(entries)))


def _bom(raw: bytes) -> Entry:
    try:
        bom = parse_json(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise UnreadableError("The BOM is not UTF-8 text.") from None
    except ValueError as error:
        raise UnreadableError(str(error)) from None
    if not isinstance(bom, dict) or bom.get("bomFormat") != FORMAT:
        raise UnreadableError("This JSON is no CycloneDX BOM: bomFormat is not “CycloneDX”.")
    version = bom.get("specVersion")
    if version not in VERSIONS:
        raise UnreadableError(f"The BOM has specVersion “{shown(version)}”; {', '.join(VERSIONS)} can be read.")
    return bom


def _entries(listed: Any, place: str) -> Iterator[tuple[str, Entry]]:
    """The components at all depths, each before those inside it, with their path. Depth is bounded by the parser."""
    waiting = [(place, listed)]
    seen = 0
    while waiting:
        where, components = waiting.pop()
        if components is None:
            continue
        if not isinstance(components, list):
            raise UnreadableError(f"{where} is not a list.")
        inner = []
        for index, component in enumerate(components):
            at = f"{where}[{index}]"
            if not isinstance(component, dict):
                raise UnreadableError(f"{at} is not an object.")
            seen += 1
            if seen > MOST_ENTRIES:
                raise UnreadableError(f"The BOM has more than {MOST_ENTRIES:,} components.")
            yield at, component
            inner.append((f"{at}.components", component.get("components")))
        waiting.extend(reversed(inner))


def _by_ref(entries: list[tuple[str, Entry]]) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for place, entry in entries:
        ref = entry.get("bom-ref")
        if not isinstance(ref, str) or not ref:
            continue
        if ref in found:
            raise UnreadableError(f"{place}: the bom-ref “{shown(ref)}” stands twice.")
        found[ref] = entry
    return found


def _refuse_circles(entries: list[tuple[str, Entry]], refs: Mapping[str, Entry]) -> None:
    """Refuse models whose data sets lead back to themselves, by whatever way round."""
    ways = {str(entry.get("bom-ref")): [ref for ref in _data_refs(entry) if ref in refs] for _, entry in entries}
    done: set[str] = set()
    for start in ways:
        path: dict[str, Iterator[str]] = {start: iter(ways[start])} if start not in done else {}
        while path:
            here = next(reversed(path))
            onward = next((ref for ref in path[here] if ref not in done), None)
            if onward is None:
                done.add(here)
                del path[here]
            elif onward in path:
                circle = [*list(path)[list(path).index(onward) :], onward]
                words = " → ".join(f"“{shown(ref)}”" for ref in circle[:5])
                raise UnreadableError(f"The data sets of the BOM refer to each other in a circle: {words}.")
            else:
                path[onward] = iter(ways[onward])


def _data_refs(entry: Entry) -> list[str]:
    named = objects_in(object_in(object_in(entry, "modelCard"), "modelParameters"), "datasets")
    return [each["ref"] for each in named if isinstance(each.get("ref"), str)]


def _parts(
    bom: Entry, entries: list[tuple[str, Entry]], inline: list[tuple[str, Entry]], warnings: list[Remark]
) -> Iterator[tuple[str, PlannedComponent]]:
    """The components of the system, each kind and name once, with the place that each stands at."""
    seen: set[tuple[str, str]] = set()
    for place, part in _all_parts(bom, entries, inline):
        if (part.kind, part.name) in seen:
            warnings.append(
                Remark(f"“{shown(part.name)}” stands in the BOM before. This one is left out.", place=place)
            )
            continue
        seen.add((part.kind, part.name))
        yield place, part


def _all_parts(
    bom: Entry, entries: list[tuple[str, Entry]], inline: list[tuple[str, Entry]]
) -> Iterator[tuple[str, PlannedComponent]]:
    for place, entry in entries:
        kind = KINDS.get(str(entry.get("type")))
        is_subject = place == "metadata.component"
        if kind and not (is_subject and kind == "application" and not text_in(entry, "version")):
            part = _part(entry, kind)
            yield place, replace(part, note="") if is_subject else part  # its description is the system's purpose
    for place, entry in inline:
        yield place, _part(entry, "data_set")
    for place, service in _entries(bom.get("services"), "services"):
        provider = text_in(object_in(service, "provider"), "name")
        yield (
            place,
            PlannedComponent(
                name=text_in(service, "name"),
                kind="application",
                supplier=provider,
                hosted_by="supplier" if provider else "",
                version=text_in(service, "version"),
                note=text_in(service, "description")[:500],
            ),
        )


def _part(entry: Entry, kind: str) -> PlannedComponent:
    return PlannedComponent(
        name=text_in(entry, "name"),
        kind=kind,
        supplier=_supplier(entry),
        version=text_in(entry, "version"),
        note=note_of(entry),
    )


def _supplier(entry: Entry) -> str:
    """Who is named as supplier, else as manufacturer, else as publisher."""
    named = [text_in(object_in(entry, key), "name") for key in ("supplier", "manufacturer")]
    return next((name for name in (*named, text_in(entry, "publisher")) if name), "")


def _too_long(parts: list[tuple[str, PlannedComponent]], subject: Entry) -> Iterator[Remark]:
    texts = [("metadata.component.name", text_in(subject, "name"), 2)]
    for place, part in parts:
        texts += [(f"{place}.name", part.name, 2), (f"{place}.version", part.version, 0)]
        texts += [(f"{place}, supplier", part.supplier, 2)] if part.supplier else []
    for place, text, shortest in texts:
        if len(text) < shortest:
            yield Remark(f"This needs at least {shortest} letters.", place=place)
        if len(text) > LONGEST_NAME:
            yield Remark(f"Keep this within {LONGEST_NAME} characters; it has {len(text):,}.", place=place)


def _notes(entries: list[tuple[str, Entry]]) -> Iterator[str]:
    """What the BOM holds beside components of ours, counted by its type."""
    others = Counter(shown(entry.get("type")) for _, entry in entries if str(entry.get("type")) not in KINDS)
    if others:
        counted = ", ".join(f"{number} of type {kind}" for kind, number in others.most_common(6))
        yield f"Left out, since a register of AI systems does not list them: {counted}."


def _is_model(entry: Entry) -> bool:
    return entry.get("type") == "machine-learning-model"
