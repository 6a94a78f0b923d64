"""Small words and shapes that every template may use (a builtin library)."""

from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import template
from django.forms.boundfield import BoundWidget
from django.forms.utils import flatatt
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe
from django.utils.text import Truncator

from pages.markdown import html_from
from pages.picks import Choice, Pick

register = template.Library()


@register.filter
def day(value: date | datetime | None) -> str:
    """A date as people say it: 14 Nov, with the year when it is not this one."""
    if value is None:
        return ""
    moment = timezone.localtime(value).date() if isinstance(value, datetime) else value
    text = f"{moment.day} {moment:%b}"
    return text if moment.year == timezone.localdate().year else f"{text} {moment.year}"


@register.filter
def markdown(text: str) -> str:
    """A text in Markdown as HTML that can do no harm."""
    return html_from(text)


@register.filter
def moment(value: datetime | None) -> str:
    """A moment to the minute: 14 Nov, 09:05 (UTC, the zone of the installation)."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    return f"{day(local)}, {local:%H:%M}"


@register.filter
def away(value: date | None) -> str:
    """How far a day is from today: "in 7 days", "today", "2 days late"."""
    if value is None:
        return ""
    days = (value - timezone.localdate()).days
    if days == 0:
        return "today"
    unit = "day" if abs(days) == 1 else "days"
    return f"in {days} {unit}" if days > 0 else f"{-days} {unit} late"


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """The page's query string with some parameters changed; None takes one away. Paging starts anew."""
    params = context["request"].GET.copy()
    params.pop("page", None)
    for name, value in changes.items():
        params.pop(name, None)
        if value is not None and value != "":
            params[name] = str(value)
    return "?" + params.urlencode()


@register.filter
def control(bound_field: Any) -> Any:
    """A form's control with the class and the links to its hint and error that assistive technology needs."""
    described = [f"{bound_field.auto_id}-hint"] if bound_field.help_text else []
    attributes: dict[str, Any] = {}
    if bound_field.errors:
        described.append(f"{bound_field.auto_id}-error")
        attributes["aria-invalid"] = "true"
    if described:
        attributes["aria-describedby"] = " ".join(described)
    widget = bound_field.field.widget
    if getattr(widget, "input_type", "") not in ("checkbox", "radio"):
        attributes["class"] = " ".join(filter(None, ["input", widget.attrs.get("class")]))
    return bound_field.as_widget(attrs=attributes)


@register.filter
def box(choice: BoundWidget) -> str:
    """One radio button or box of a field, marked up as Django's own template does it, in a tenth of the time."""
    data = choice.data
    value = "" if data["value"] is None else format_html(' value="{}"', data["value"])
    attributes = {name: each for name, each in data["attrs"].items() if each is not False}
    return format_html('<input type="{}" name="{}"{}{}>', data["type"], data["name"], value, flatatt(attributes))


ROOMS = {
    "home": ("/trend/",),
    "work": ("/my-work/",),
    "register": ("/risks/", "/acceptances/", "/time-requests/", "/scale/"),
    "systems": ("/systems/",),
    "suppliers": ("/suppliers/",),
    "catalog": ("/catalog/",),
    "people": ("/people/",),
}


@register.simple_tag(takes_context=True)
def room(context: template.Context, key: str, url_name: str, label: str) -> str:
    """An entry of the main navigation, marked when the page lies under it."""
    path = context["request"].path
    here = path.startswith(ROOMS[key]) or (key == "home" and path == "/")
    return _entry(_address(url_name), label, here=here)


@register.simple_tag(takes_context=True)
def way(context: template.Context, url_name: str, label: str, *, exact: bool = False) -> str:
    """An entry of the navigation within a room, marked on its page and, unless it is `exact`, on those below it."""
    path, address = context["request"].path, _address(url_name)
    return _entry(address, label, here=path == address if exact else path.startswith(address))


@register.simple_tag
def place(url_name: str, *args: Any) -> str:
    """The address of a page, as {% url %} gives it, for tables: each is worked out once per process."""
    return _address(url_name, *args)


@lru_cache(maxsize=4_096)
def _address(url_name: str, *args: Any) -> str:
    return reverse(url_name, args=args)


def _entry(address: str, label: str, *, here: bool) -> str:
    current = mark_safe(' aria-current="page"') if here else ""
    return format_html('<li><a href="{}"{}>{}</a></li>', address, current, label)


@register.simple_tag
@lru_cache(maxsize=256)
def choices(pick: Pick) -> str:
    """The values of a menu, each with its box. A page has hundreds of them, so they are put together here, and once for
    a menu that says the same again.
    """
    kind = "radio" if pick.is_single else "checkbox"
    return mark_safe("".join(_choice(each, kind) for each in pick.choices))  # noqa: S308  # escaped one by one


def _choice(choice: Choice, kind: str) -> str:
    checked = " checked" if choice.is_chosen else ""
    box = f'<input type="{kind}" name="{escape(choice.name)}" value="{escape(choice.value)}"{checked}>'
    label: str = escape(choice.label)
    if choice.level:
        number = "–" if choice.level == "none" else choice.level
        mark = f'<span class="level__n" aria-hidden="true">{number}</span>'
        label = f'<span class="level" data-level="{choice.level}">{mark} {label}</span>'
    else:
        label = f"<span>{label}</span>"
    return f'<label class="choice">{box} {label}</label>\n'


@register.filter
def said(verb: str) -> str:
    """An event's verb as words: "risk.rated" is "rated"."""
    return verb.partition(".")[2].replace("_", " ")


@register.filter
def words(name: str) -> str:
    """A field's name as words: "organisation_role" is "organisation role"."""
    return name.removesuffix("_id").replace("_", " ")


@register.filter
def shown(value: Any) -> str:
    """A value kept in an event, short enough for a line."""
    if value in (None, "", [], {}):
        return "nothing"
    if isinstance(value, list):
        return ", ".join(_in_line(item) for item in value)
    return Truncator(_in_line(value).replace("_", " ")).chars(120)


def _in_line(value: Any) -> str:
    """A value in a line, without the brackets of what it is kept in."""
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_in_line(each)}" for name, each in value.items())
    return ", ".join(map(_in_line, value)) if isinstance(value, list) else str(value)
