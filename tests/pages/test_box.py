"""The radio buttons and boxes that we put together ourselves are those that Django's templates give."""

import pytest
from django import forms
from django.test.html import parse_html

from pages.templatetags.pages import box

CHOICES = [("", "Not said"), ("a", "First"), ('"><script>', "Hostile"), (3, "A number"), (None, "Nothing")]


def form_with(widget, *, is_required, **values):
    field = (forms.MultipleChoiceField if widget is forms.CheckboxSelectMultiple else forms.ChoiceField)(
        choices=CHOICES, required=is_required, widget=widget(attrs={"data-x": "<&>", "class": "input"})
    )
    return type("Form", (forms.Form,), {"answer": field})(**values)


@pytest.mark.parametrize("is_required", [True, False])
@pytest.mark.parametrize("values", [{}, {"initial": {"answer": "a"}}, {"data": {"answer": "3"}}, {"data": {}}])
@pytest.mark.parametrize("widget", [forms.RadioSelect, forms.CheckboxSelectMultiple])
def test_it_is_marked_up_as_django_does(widget, values, is_required):
    choices = list(form_with(widget, is_required=is_required, **values)["answer"])

    assert len(choices) == len(CHOICES)
    for choice in choices:
        assert parse_html(box(choice)) == parse_html(choice.tag())
    assert any("checked" in box(choice) for choice in choices) == any("checked" in choice.tag() for choice in choices)
