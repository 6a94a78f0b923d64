"""Acceptances that end soon: the tile of the home page and the register agree."""

from datetime import timedelta

from django.utils import timezone

from risks.register.models import Risk
from tests.make import make_rating, make_risk
from tests.reading import text_of
from tests.register.verbs import make_acceptance


def test_the_tile_counts_what_the_register_shows(system, editor, owner, officer, client_of):
    client = client_of(editor)
    for threat, days in (("indirectpromptinjection", 20), ("directpromptinjection", 45)):
        risk = make_rating(make_risk(system, actor=editor, threat=threat), actor=editor, likelihood=1, impact=2)
        make_acceptance(risk, owner, officer, until=timezone.localdate() + timedelta(days=days))

    page = client.get("/")
    figure = page.context["expiring"]
    assert figure.count == 1
    assert "1 Acceptances end within 30 days" in text_of(page)
    assert client.get(f"/risks/{figure.query}").context["page"].paginator.count == 1

    make_rating(Risk.objects.get(threat_key="indirectpromptinjection"), actor=editor)
    assert client.get("/").context["expiring"].count == 0
