"""What an organisation's own threats and controls may say: values checked against the catalog, without the database."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError

from catalog.profile import condition_fault
from catalog.reading import Catalog
from catalog.vocabulary import LONGEST_LINE, LONGEST_TEXT, Fit, ModelType

MOST_LISTED = 20  # of other names, of kinds of attack, of evidence


def threat_values(
    catalog: Catalog, *, title: str, parent_key: str, applicable_when: Any = None, **values: Any
) -> dict[str, Any]:
    """The columns of an own threat. Raises ValidationError."""
    group = catalog.threats.get(parent_key)
    if group is None or not group.is_group:
        raise ValidationError({"parent_key": "Choose a group of the catalog."})
    if applicable_when is not None and (wrong := condition_fault(applicable_when, catalog.rule_set)):
        raise ValidationError({"applicable_when": wrong})
    texts = ("summary", "how", "hurts", "applies", "likelihood", "impact")
    return {
        "title": _line("title", title),
        "parent_key": parent_key,
        "surface": group.surface.value,
        "lifecycle": group.lifecycle.value,
        "impacts": _codes("impacts", "impact", values, catalog.impacts),
        "other_names": _list_of("other_names", values, lambda name: _line("other_names", name)),
        "variants": _list_of("variants", values, _variant),
        "fits": _fits(values.get("fits") or {}),
        "assets_hurt": _codes("assets_hurt", "asset", values, catalog.assets),
        "assets_attacked": _codes("assets_attacked", "asset", values, catalog.assets),
        "url": str(values.get("url", "")).strip(),
        "applicable_when": applicable_when,
        **{name: _text(name, values.get(name, ""), needed=name == "summary") for name in texts},
        **{name: _text(name, values.get(name) or "") or None for name in ("in_rag", "in_agents")},
    }


def control_values(catalog: Catalog, *, name: str, parent_key: str, **values: Any) -> dict[str, Any]:
    """The columns of an own control. Raises ValidationError."""
    if parent_key not in catalog.control_groups:
        raise ValidationError({"parent_key": "Choose a control group of the catalog."})
    texts = ("purpose", "practice", "effort_reason", "trade_off", "done_by_note")
    return {
        "name": _line("name", name),
        "parent_key": parent_key,
        "types": list(values.get("types", ())),
        "lifecycle": list(values.get("lifecycle", ())),
        "essentials": _codes("essentials", "category", values, catalog.essentials),
        "effort": values.get("effort", ""),
        "evidence": _list_of("evidence", values, lambda piece: _text("evidence", piece)),
        "done_by": list(values.get("done_by", ())),
        "url": str(values.get("url", "")).strip(),
        **{each: _text(each, values.get(each, ""), needed=each == "purpose") for each in texts},
    }


def _codes(name: str, called: str, values: Mapping[str, Any], known: Collection[str]) -> list[str]:
    """Codes of the catalog, each once."""
    codes = list(dict.fromkeys(values.get(name, ())))
    if strange := [code for code in codes if code not in known]:
        raise ValidationError({name: f"There is no such {called}: {', '.join(strange)[:LONGEST_LINE]}."})
    return codes


def _list_of(name: str, values: Mapping[str, Any], read: Callable[[Any], Any]) -> list[Any]:
    """What is listed, without what is blank."""
    listed = [each for each in values.get(name, ()) if not isinstance(each, str) or each.strip()]
    if len(listed) > MOST_LISTED:
        raise ValidationError({name: f"List at most {MOST_LISTED}."})
    return [read(each) for each in listed]


def _variant(variant: Mapping[str, str]) -> dict[str, str]:
    text = _text("variants", variant.get("text", ""))
    if not text:
        raise ValidationError({"variants": "Give each kind a name, a colon and a sentence."})
    return {"title": _line("variants", variant.get("title", "")), "text": text}


def _fits(fits: Mapping[str, str | None]) -> dict[str, str | None]:
    if set(fits) - set(ModelType.values) or set(fits.values()) - {Fit.YES, Fit.NO, None}:
        raise ValidationError({"fits": "Choose kinds of model that the catalog knows."})
    return dict(fits)


def _line(name: str, value: str) -> str:
    value = " ".join(value.split())
    if not value:
        raise ValidationError({name: "Give it a name."})
    if len(value) > LONGEST_LINE:
        raise ValidationError({name: f"Keep this within {LONGEST_LINE} characters; it has {len(value)}."})
    return value


def _text(name: str, value: str, *, needed: bool = False) -> str:
    value = value.strip()
    if needed and not value:
        raise ValidationError({name: "Say it in a sentence or two."})
    if len(value) > LONGEST_TEXT:
        raise ValidationError({name: f"Keep this within {LONGEST_TEXT:,} characters; it has {len(value):,}."})
    return value
