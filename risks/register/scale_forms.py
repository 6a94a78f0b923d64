"""Forms of the scale: its content as flat fields, the map from the scale before, and a team's line of appetite."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

from django import forms
from django.core.exceptions import BadRequest, ValidationError

from risks.register.rules import AREAS, FEWEST, FEWEST_BANDS, MOST, MOST_BANDS, Scale, Step
from risks.register.scale_content import (
    LONGEST_MEANING,
    LONGEST_REVIEW,
    LONGEST_WORD,
    InvalidScaleError,
    content_of,
    scale_from,
)
from risks.register.scale_moving import AXES, Basis, LevelMap, basis_of
from risks.register.scale_services import LONGEST_REASON

OFFERED = {
    Basis.NUMBER: "",
    Basis.ANCHOR: "Offered by anchor: the new level that holds the typical value of the old one.",
    Basis.PLACE: "Offered by place between the least and the greatest, since anchors do not compare. Check each.",
}
SHORT = {"meaning": "Definition", "low": "From", "high": "To", "days": "Days to the next review"}
LONGEST_CONTENT = 100_000  # characters; the largest scale with all definitions stays below


class ReasonField(forms.CharField):
    """Why the scale or a line is as it is from now on."""

    def __init__(self) -> None:
        super().__init__(
            label="Why",
            max_length=LONGEST_REASON,
            widget=forms.Textarea(attrs={"rows": 2}),
            help_text="Stays with this version.",
        )


@dataclass(frozen=True)
class Size:
    """How many levels and bands a scale has."""

    likelihood: int
    impact: int
    bands: int

    @classmethod
    def of(cls, scale: Scale) -> Self:
        return cls(len(scale.likelihood), len(scale.impact), len(scale.bands))


class SizeForm(forms.Form):
    """Chosen first, since the rest of the form follows from it."""

    likelihood = forms.TypedChoiceField(label="Levels of likelihood", coerce=int)
    impact = forms.TypedChoiceField(label="Levels of impact", coerce=int)
    bands = forms.TypedChoiceField(label="Bands", coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ranges = {"likelihood": (FEWEST, MOST), "impact": (FEWEST, MOST), "bands": (FEWEST_BANDS, MOST_BANDS)}
        for name, (fewest, most) in ranges.items():
            self.fields[name].choices = [(n, str(n)) for n in range(fewest, most + 1)]  # type: ignore[attr-defined]

    def size(self, otherwise: Size) -> Size:
        return Size(**self.cleaned_data) if self.is_bound and self.is_valid() else otherwise


class ScaleForm(forms.Form):
    """A whole scale. Once valid, `scale` is what it describes and `content` how it is kept."""

    currency = forms.CharField(
        label="Currency", max_length=3, widget=forms.TextInput(attrs={"class": "input--code"}), help_text="Such as EUR."
    )
    scale: Scale

    def __init__(self, like: Scale, size: Size, data: Any = None) -> None:
        """`like` is what the form begins with, as far as there are levels for it."""
        super().__init__(data)
        self.size = size
        self.fields["currency"].initial = like.currency
        self._add_steps("likelihood", like.likelihood, size.likelihood)
        self._add_steps("impact", like.impact, size.impact)
        for number in range(1, size.bands + 1):
            band = like.bands[number - 1] if number <= len(like.bands) else None
            self.fields[f"band-{number}-word"] = _word(f"Band {number}, word", band.word if band else "")
            self.fields[f"band-{number}-days"] = forms.IntegerField(
                label=f"Band {number}, days to the next review",
                min_value=1,
                max_value=LONGEST_REVIEW,
                initial=band.review_days if band else None,
            )
        self._add_table(like)

    def _add_steps(self, axis: str, like: tuple[Step, ...], count: int) -> None:
        for number in range(1, count + 1):
            step = like[number - 1] if number <= len(like) else Step(number, "", "", "")
            place, said = f"{axis}-{number}", f"{axis.capitalize()} {number}"
            self.fields[f"{place}-word"] = _word(f"{said}, word", step.word)
            self.fields[f"{place}-meaning"] = _meaning(f"{said}, definition", step.meaning)
            for end, label in (("low", "from"), ("high", "to"), ("typical", "typical")):
                given = getattr(step, end) if step.word else None
                self.fields[f"{place}-{end}"] = _amount(f"{said}, {label}", given, required=end != "high")
            for area, word in AREAS.items() if axis == "impact" else ():
                field = _meaning(f"{said}, {word.lower()}", step.areas.get(area, ""), required=False)
                self.fields[f"{place}-{area}"] = field

    def _add_table(self, like: Scale) -> None:
        """A band for each cell, and for each likelihood the greatest impact inside appetite."""
        bands = [("", "–"), *((n, str(n)) for n in range(1, self.size.bands + 1))]
        ends = [("", "–"), (0, "nothing"), *((n, f"up to {n}") for n in range(1, self.size.impact + 1))]
        for likelihood in range(1, self.size.likelihood + 1):
            known = likelihood <= len(like.likelihood)
            for impact in range(1, self.size.impact + 1):
                level = like.level(likelihood, impact) if known and impact <= len(like.impact) else None
                self.fields[f"cell-{likelihood}-{impact}"] = forms.TypedChoiceField(
                    label=f"Band of likelihood {likelihood} and impact {impact}",
                    choices=bands,
                    coerce=int,
                    initial=level if level and level <= self.size.bands else None,
                )
            end = like.appetite[likelihood - 1] if known else None
            self.fields[f"appetite-{likelihood}"] = forms.TypedChoiceField(
                label=f"Inside appetite at likelihood {likelihood}",
                choices=ends,
                coerce=int,
                initial=min(end, self.size.impact) if end is not None else None,
            )

    def clean(self) -> dict[str, Any]:
        if self.errors:
            return self.cleaned_data
        try:
            self.scale = scale_from("draft", self.as_content())
        except InvalidScaleError as error:
            for place, text in error.errors.items():
                self.add_error(self._field_of(place), text)
        return self.cleaned_data

    def as_content(self) -> dict[str, Any]:
        said = self.cleaned_data
        impacts, likelihoods = range(1, self.size.impact + 1), range(1, self.size.likelihood + 1)
        return {
            "currency": said["currency"].upper(),
            "likelihood": [self._step("likelihood", number) for number in likelihoods],
            "impact": [
                self._step("impact", n)
                | {"areas": {area: said[f"impact-{n}-{area}"] for area in AREAS if said[f"impact-{n}-{area}"]}}
                for n in impacts
            ],
            "bands": [
                {"word": said[f"band-{n}-word"], "review_days": said[f"band-{n}-days"]}
                for n in range(1, self.size.bands + 1)
            ],
            "levels": [[said[f"cell-{row}-{across}"] for across in impacts] for row in likelihoods],
            "appetite": [said[f"appetite-{row}"] for row in likelihoods],
        }

    def _step(self, axis: str, number: int) -> dict[str, Any]:
        names = ("word", "meaning", "low", "high", "typical")
        return {name: self.cleaned_data[f"{axis}-{number}-{name}"] for name in names}

    def _field_of(self, place: str) -> str:
        """Where a fault is shown: at its field, or at the first of what it is about."""
        whole = {name: f"{name}-1-word" for name in AXES}
        whole |= {"bands": "band-1-word", "levels": "cell-1-1", "appetite": "appetite-1"}
        place = whole.get(place, place)
        return place if place in self.fields else f"{place.removesuffix('-areas')}-word"

    # What the template walks through.

    @property
    def axes(self) -> list[tuple[str, list["Row"]]]:
        return [(axis, [Row(self, f"{axis}-{n}", n) for n in range(1, getattr(self.size, axis) + 1)]) for axis in AXES]

    @property
    def bands(self) -> list["Row"]:
        return [Row(self, f"band-{number}", number) for number in range(1, self.size.bands + 1)]

    @property
    def table(self) -> list[tuple[int, Any, list[forms.BoundField], forms.BoundField]]:
        """The likeliest row first, as on the heatmap: number, word, cells, and where appetite ends."""
        return [
            (
                row,
                self[f"likelihood-{row}-word"].value(),
                [self[f"cell-{row}-{across}"] for across in range(1, self.size.impact + 1)],
                self[f"appetite-{row}"],
            )
            for row in range(self.size.likelihood, 0, -1)
        ]

    @property
    def impact_words(self) -> list[tuple[int, Any]]:
        return [(number, self[f"impact-{number}-word"].value()) for number in range(1, self.size.impact + 1)]

    @property
    def table_errors(self) -> list[str]:
        """Each fault of the table once."""
        names = [name for name in self.errors if name.startswith(("cell-", "appetite-"))]
        return list(dict.fromkeys(str(text) for name in names for text in self.errors[name]))


@dataclass(frozen=True)
class Row:
    """The fields of one level or band."""

    form: ScaleForm
    place: str
    number: int

    def __getitem__(self, name: str) -> forms.BoundField:
        return self.form[f"{self.place}-{name}"]

    def __iter__(self) -> Iterator[forms.BoundField]:
        names = ("word", "meaning", "low", "high", "typical", "days")
        return (self[name] for name in names if f"{self.place}-{name}" in self.form.fields)

    @property
    def labelled(self) -> list[tuple[str, forms.BoundField]]:
        """Each field with its short label."""
        names = [field.name.rpartition("-")[2] for field in self]
        return [(SHORT.get(name, name.capitalize()), field) for name, field in zip(names, self, strict=True)]

    @property
    def areas(self) -> list[tuple[str, forms.BoundField]]:
        return [(word, self[area]) for area, word in AREAS.items() if f"{self.place}-{area}" in self.form.fields]

    @property
    def has_area_errors(self) -> bool:
        return any(field.errors for _, field in self.areas)


class PreviewForm(forms.Form):
    """The map from the scale before, and the reason. Carries the new scale and the key of the one that was seen."""

    content = forms.CharField(widget=forms.HiddenInput)
    expected_key = forms.CharField(max_length=40, widget=forms.HiddenInput)
    reason = ReasonField()

    def __init__(self, before: Scale, after: Scale, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.before, self.after = before, after
        self.fields["content"].initial = json.dumps(content_of(after))
        self.fields["expected_key"].initial = before.key
        first = LevelMap.offered(before, after)
        for axis in AXES:
            new = [(step.number, f"{step.number} {step.word}") for step in getattr(after, axis)]
            for step in getattr(before, axis):
                self.fields[f"{axis}-{step.number}"] = forms.TypedChoiceField(
                    label=f"{axis.capitalize()} {step.number} {step.word} becomes",
                    choices=new,
                    coerce=int,
                    initial=getattr(first, axis)[step.number - 1],
                )

    def clean(self) -> dict[str, Any]:
        if not any(name.startswith(AXES) for name in self.errors):
            try:
                self.level_map.check(self.before, self.after)
            except ValidationError as error:
                for place, texts in error.message_dict.items():
                    self.add_error(f"{place.removesuffix('_map')}-1", texts)
        return self.cleaned_data

    @property
    def level_map(self) -> LevelMap:
        """What is chosen; the one that is offered first before anything is."""
        if not self.is_bound or any(name.startswith(AXES) for name in self.errors):
            return LevelMap.offered(self.before, self.after)
        chosen = [
            tuple(self.cleaned_data[f"{axis}-{step.number}"] for step in getattr(self.before, axis)) for axis in AXES
        ]
        return LevelMap(*chosen)

    @property
    def maps(self) -> list[tuple[str, str, list[tuple[Step, forms.BoundField]]]]:
        """Per axis its name, what the map that was offered goes by, and each old level with its field."""
        return [
            (
                axis,
                OFFERED[basis_of(axis, self.before, self.after)],
                [(step, self[f"{axis}-{step.number}"]) for step in getattr(self.before, axis)],
            )
            for axis in AXES
        ]


class AppetiteForm(forms.Form):
    """A team's line: for each likelihood the greatest impact inside it."""

    reason = ReasonField()

    def __init__(self, scale: Scale, steps: tuple[int, ...], data: Any = None, *, is_removed: bool = False) -> None:
        super().__init__(data)
        self.fields["reason"].help_text = "Stays with the line."
        self.is_removed = is_removed
        ends = [(0, "nothing"), *((step.number, f"up to {step.number} {step.word}") for step in scale.impact)]
        self.lines = [f"appetite-{step.number}" for step in scale.likelihood]
        for name, step, end in zip(self.lines, scale.likelihood, steps, strict=True):
            self.fields[name] = forms.TypedChoiceField(
                label=f"At {step.number} {step.word}", choices=ends, coerce=int, initial=end, required=not is_removed
            )
        self.order_fields([*reversed(self.lines), "reason"])

    @property
    def steps(self) -> tuple[int, ...] | None:
        return None if self.is_removed else tuple(self.cleaned_data[name] for name in self.lines)

    @property
    def rows(self) -> list[forms.BoundField]:
        """The likeliest first, as on the heatmap."""
        return [self[name] for name in reversed(self.lines)]


def scale_from_text(text: str) -> Scale:
    """The scale that a preview carried along. Raises BadRequest for what no form of ours has sent."""
    try:
        if len(text) > LONGEST_CONTENT:
            raise ValueError(text[:20])
        return scale_from("draft", json.loads(text))
    except (ValueError, AttributeError, RecursionError) as error:  # InvalidScaleError is a ValueError
        raise BadRequest("This is no scale.") from error


def _word(label: str, initial: str) -> forms.CharField:
    return forms.CharField(label=label, max_length=LONGEST_WORD, initial=initial)


def _meaning(label: str, initial: str, *, required: bool = True) -> forms.CharField:
    return OneLine(label=label, max_length=LONGEST_MEANING, initial=initial, required=required)


class OneLine(forms.CharField):
    """A sentence or two in a box of several lines, kept without their breaks."""

    widget = forms.Textarea(attrs={"rows": 2})

    def to_python(self, value: Any) -> Any:
        return " ".join((super().to_python(value) or "").split())


class AmountField(forms.FloatField):
    """A figure of events or money; shown as people type it."""

    def prepare_value(self, value: Any) -> Any:
        return f"{value:.9f}".rstrip("0").rstrip(".") if isinstance(value, int | float) else value

    def clean(self, value: Any) -> Any:
        number = super().clean(value)
        return int(number) if number is not None and number.is_integer() else number


def _amount(label: str, initial: float | None, *, required: bool) -> AmountField:
    return AmountField(label=label, initial=initial, required=required, min_value=0)
