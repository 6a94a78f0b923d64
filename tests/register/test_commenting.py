"""Comments: who may say something, that Markdown can do no harm, and taking one back."""

import pytest
from django.core.exceptions import ValidationError

from journal.errors import NotAllowed
from journal.models import Event
from pages.markdown import html_from
from risks.register.comment_parts import ON_THE_PAGE, TOGETHER
from risks.register.commenting import LONGEST_COMMENT, comment_on_risk, take_back_comment
from risks.register.models import Comment
from risks.systems.life_cycle import archive_system
from tests.make import make_risk
from tests.reading import html_of, queries_of, text_of, version_of
from tests.register.verbs import newest_event


def page_of(client, risk):
    return client.get(f"/risks/{risk.pk}/")


def test_a_comment_stands_on_the_page_and_its_event_keeps_its_words_to_itself(risk, owner, viewer, client_of):
    answer = client_of(owner).post(f"/risks/{risk.pk}/comments/", {"text": "Seen **twice** in tests."})

    comment = Comment.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/risks/{risk.pk}/#comment-{comment.pk}")
    assert "Seen <strong>twice</strong> in tests." in html_of(page_of(client_of(viewer), risk))
    event = newest_event(risk)
    assert (event.verb, event.actor_name, event.changes, event.reason) == ("risk.commented", "Owner", {}, "")
    assert "Owner commented." in text_of(page_of(client_of(viewer), risk))


def test_a_comment_leaves_the_version_alone(risk, owner):
    before = version_of(risk)
    comment_on_risk(risk.pk, actor=owner, text="By the way.")
    assert version_of(risk) == before


@pytest.mark.parametrize(("who", "status"), [("viewer", 403), ("auditor", 403), ("outsider", 404)])
def test_who_only_reads_does_not_comment(request, risk, who, status, client_of, api_of):
    person = request.getfixturevalue(who)

    assert client_of(person).post(f"/risks/{risk.pk}/comments/", {"text": "Hello."}).status_code == status
    assert api_of(person).send("post", f"/api/v1/risks/{risk.pk}/comments/", {"text": "Hi."}).status_code == status
    assert not Comment.objects.exists()


def test_whoever_may_not_comment_is_not_asked_to(risk, owner, viewer, client_of):
    form = f'action="/risks/{risk.pk}/comments/"'
    assert form in html_of(page_of(client_of(owner), risk))
    assert form not in html_of(page_of(client_of(viewer), risk))


def test_an_archived_system_takes_no_comments(risk, editor, client_of):
    archive_system(risk.system_id, actor=editor, reason="Off.", expected_version=None)

    with pytest.raises(NotAllowed):
        comment_on_risk(risk.pk, actor=editor, text="Too late.")
    assert "/comments/" not in html_of(page_of(client_of(editor), risk))


@pytest.mark.parametrize(
    "text", ["", "  \n ", "x" * (LONGEST_COMMENT + 1), "x" * 100_000], ids=["none", "space", "long", "100kB"]
)
def test_a_refused_comment_is_kept_as_it_was_typed(risk, editor, text, client_of, api_of):
    answer = client_of(editor).post(f"/risks/{risk.pk}/comments/", {"text": text})

    assert answer.status_code == 422
    assert answer.context["comment_form"]["text"].value() == text
    assert "Nothing was saved yet" in html_of(answer)
    assert api_of(editor).send("post", f"/api/v1/risks/{risk.pk}/comments/", {"text": text}).status_code == 400
    with pytest.raises(ValidationError):
        comment_on_risk(risk.pk, actor=editor, text=text)
    assert not Comment.objects.exists()


def test_ones_own_comment_can_be_taken_back_and_leaves_its_place(risk, owner, client_of, api_of):
    comment = comment_on_risk(risk.pk, actor=owner, text="The password is swordfish.")
    client = client_of(owner)

    client.post(f"/risks/{risk.pk}/comments/{comment.pk}/end/")
    client.post(f"/risks/{risk.pk}/comments/{comment.pk}/end/")

    page = text_of(page_of(client, risk))
    assert "swordfish" not in page
    assert "Taken back" in page
    assert Event.objects.filter(verb="comment.taken_back").count() == 1
    shown = api_of(owner).get(f"/api/v1/risks/{risk.pk}/comments/").json()["results"][0]
    assert (shown["text"], shown["author_name"], bool(shown["taken_back_at"])) == ("", "Owner", True)


def test_only_an_officer_takes_back_what_another_said(risk, owner, editor, officer, client_of):
    comment = comment_on_risk(risk.pk, actor=owner, text="Hello.")
    path = f"/risks/{risk.pk}/comments/{comment.pk}/end/"

    assert path not in html_of(page_of(client_of(editor), risk))
    assert client_of(editor).post(path).status_code == 403
    assert client_of(officer).post(path).status_code == 302
    with pytest.raises(NotAllowed):
        take_back_comment(comment.pk, actor=editor)


def test_a_comment_is_found_under_its_own_risk_only(risk, system, editor, api_of):
    comment = comment_on_risk(risk.pk, actor=editor, text="Hello.")
    other = make_risk(system, actor=editor, threat="evasion")

    assert api_of(editor).get(f"/api/v1/risks/{risk.pk}/comments/{comment.pk}/").json()["text"] == "Hello."
    assert api_of(editor).get(f"/api/v1/risks/{other.pk}/comments/{comment.pk}/").status_code == 404


def test_many_comments_cost_no_more_queries_and_the_latest_are_shown(risk, editor, client_of):
    client = client_of(editor)
    comment_on_risk(risk.pk, actor=editor, text="Comment number 0.")
    one = queries_of(client, f"/risks/{risk.pk}/")
    for number in range(1, ON_THE_PAGE + 2):
        comment_on_risk(risk.pk, actor=editor, text=f"Comment number {number}.")

    assert queries_of(client, f"/risks/{risk.pk}/") == one
    page = html_of(page_of(client, risk))
    assert "Comment number 1." not in page
    assert page.index("Comment number 2.") < page.index(f"Comment number {ON_THE_PAGE + 1}.")
    assert f"The latest {ON_THE_PAGE}. Earlier ones are read over the API." in page


def test_of_long_comments_the_latest_that_a_page_has_room_for_are_shown(risk, editor, client_of):
    fit = TOGETHER // LONGEST_COMMENT
    for number in range(fit + 2):
        comment_on_risk(risk.pk, actor=editor, text=f"Number {number}.".ljust(LONGEST_COMMENT, "*"))
    gone = Comment.objects.order_by("pk")[2]
    take_back_comment(gone.pk, actor=editor)  # it takes no room any more
    page = html_of(page_of(client_of(editor), risk))
    shown = [number for number in range(fit + 2) if f"Number {number}." in page]
    assert shown == [1, *range(3, fit + 2)]
    assert "Earlier ones are read over the API." in page


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a **b** `c`", "<p>a <strong>b</strong> <code>c</code></p>"),
        ("one\ntwo", "<p>one<br>\ntwo</p>"),
        ("[x](https://a.example)", '<p><a href="https://a.example" rel="noopener noreferrer nofollow">x</a></p>'),
        ("[x](/risks/1/)", '<p><a rel="noopener noreferrer nofollow">x</a></p>'),
        ("[x](//a.example)", '<p><a rel="noopener noreferrer nofollow">x</a></p>'),
        ("[x](mailto:a@a.example)", '<p><a rel="noopener noreferrer nofollow">x</a></p>'),
        ("# not a heading", "<p># not a heading</p>"),
    ],
)
def test_markdown_becomes_plain_elements(text, html):
    assert html_from(text).strip() == html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![x](https://a.example/pixel.png)",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt&#58;alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        '[x](https://a.example "onmouseover=alert(1)")',
        '<https://a.example" onclick=alert(1)>',
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "```html\n</code><script>alert(1)</script>\n```",
        "<svg/onload=alert(1)>",
        "[x]: javascript:alert(1)\n[x]",
    ],
)
def test_markdown_runs_nothing_and_loads_nothing(text):
    html = html_from(text)
    for bad in ("<script", "<img", "<svg", 'href="javascript', 'href="data', "<a on", "title="):
        assert bad not in html.casefold()


def test_nothing_is_taken_back_while_the_system_is_archived(risk, owner, officer, client_of):
    comment = comment_on_risk(risk.pk, actor=owner, text="Seen twice in tests.")
    archive_system(risk.system_id, actor=officer, reason="Switched off.", expected_version=None)

    with pytest.raises(NotAllowed, match="archived"):
        take_back_comment(comment.pk, actor=owner)
    assert Comment.objects.get().taken_back_at is None
    assert "Take back" not in text_of(page_of(client_of(owner), risk))
