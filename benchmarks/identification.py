"""What identification costs: one profile, thousands in one process, and the live panel beside the questions.

Run with `python3 dev.py bench identification`. The last line is one JSON object: milliseconds and profiles per second
as measured, and ratios. `cold_over_warm` is one profile that no rule has seen a part of over one whose parts are
remembered; `start_over_lines` is the start of the process over the whole run; `panel_over_profile` is the live panel
over the pure function. Absolute times depend on the machine; the limits are those of the requirements.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlsplit

import django

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402

from accounts.roles import OrganisationRole  # noqa: E402
from accounts.services import create_team, create_user  # noqa: E402
from catalog.profile import Question, packaged_rule_set  # noqa: E402
from journal.recording import SYSTEM  # noqa: E402
from risks.systems import attention, reasons, rules, services  # noqa: E402
from risks.systems.answers import validate_answers  # noqa: E402

SEED = 20_260_822
PROFILES = 20_000  # all different
LEFT_OPEN = 0.1  # the share of questions without an answer, beside those answered with "I don't know yet"
SOLO = 2_000  # profiles measured one by one
PANELS = 200
RULES = packaged_rule_set()

type Answers = dict[str, Any]


def main() -> None:
    profiles = distinct_profiles(PROFILES)
    cold, warm = one_by_one(profiles[:SOLO])
    lines = in_one_process(profiles)
    panel, queries = live_panel(profiles[:PANELS])
    print(f"{len(profiles)} different profiles; {queries} queries per live panel")
    print(f"{'What':<34}{'median':>10}{'p95':>10}{'limit':>10}")
    for what, times, limit in (
        ("one profile, nothing remembered", cold, 1),
        ("one profile, all remembered", warm, 1),
        ("live panel, distinct answers", panel, 100),
    ):
        print(f"{what:<34}{median(times):>7.3f} ms{p95(times):>7.3f} ms{limit:>7} ms")
    print(f"{'--lines, whole process':<34}{lines['cold']:>8.0f}/s{'':>10}{'2000/s':>10}")
    print(f"{'--lines, again in a warm process':<34}{lines['warm']:>8.0f}/s")
    figures = {
        "cold_ms": [round(median(cold), 3), round(p95(cold), 3)],
        "warm_ms": [round(median(warm), 3), round(p95(warm), 3)],
        "lines_per_second": {name: round(rate) for name, rate in lines.items() if name != "start"},
        "panel_ms": [round(median(panel), 1), round(p95(panel), 1)],
        "cold_over_warm": round(median(cold) / median(warm), 1),
        "start_over_lines": round(lines["start"] * lines["cold"] / len(profiles), 2),
        "panel_over_profile": round(median(panel) / median(warm)),
    }
    print(json.dumps(figures))


def distinct_profiles(count: int) -> list[Answers]:
    """Valid answers to every question at random, no two alike, the same on each run."""
    chance = random.Random(SEED)  # not a secret
    found: dict[str, Answers] = {}
    while len(found) < count:
        answers = {
            question.key: an_answer(question, chance) for question in RULES.questions if chance.random() >= LEFT_OPEN
        }
        valid = validate_answers(RULES, answers)
        found[json.dumps(valid, sort_keys=True)] = valid
    return list(found.values())


def an_answer(question: Question, chance: random.Random) -> Any:
    if question.kind != "many":
        return chance.choice(question.values)
    return sorted(chance.choice((frozenset[str](), *question.possible_answers)))


def one_by_one(profiles: list[Answers]) -> tuple[list[float], list[float]]:
    """Milliseconds of the verdicts and points of each profile: first with empty memory, then with a full one."""
    cold = [timed(partial(identified, each), before=forget) for each in profiles]
    for each in profiles:
        identified(each)
    return cold, [timed(partial(identified, each)) for each in profiles]


def identified(answers: Answers) -> None:
    rules.identify(RULES, answers)
    attention.attention_to(RULES, answers)


def forget() -> None:
    for module in (rules, reasons, attention):
        for each in vars(module).values():
            if hasattr(each, "cache_clear"):
                each.cache_clear()


def in_one_process(profiles: list[Answers]) -> dict[str, float]:
    """Profiles per second of the command as a process of its own, from start to end, and again where it has run before.

    `start` is the seconds that it takes with nothing to do.
    """
    with tempfile.TemporaryDirectory() as folder:
        nothing, file, out = Path(folder, "nothing"), Path(folder, "profiles"), Path(folder, "out")
        nothing.touch()
        file.write_text("".join(f"{json.dumps(each)}\n" for each in profiles), encoding="utf-8")
        start = timed(lambda: run(nothing, out)) / 1000
        whole = timed(lambda: run(file, out)) / 1000
        with out.open(encoding="utf-8") as answered:
            assert sum(line.startswith('{"threats":') for line in answered) == len(profiles)
        with Path(os.devnull).open("w", encoding="utf-8") as void:
            again = partial(call_command, "identify_threats", str(file), lines=True, stdout=void)
            again()
            warm = timed(again) / 1000
    return {"cold": len(profiles) / whole, "warm": len(profiles) / warm, "start": start}


def run(file: Path, out: Path) -> None:
    with out.open("wb") as stream:
        command = [sys.executable, str(ROOT / "manage.py"), "identify_threats", "--lines", str(file)]
        subprocess.run(command, cwd=ROOT, stdout=stream, check=True)


def live_panel(profiles: Iterable[Answers]) -> tuple[list[float], int]:
    """Milliseconds at the server for what a change of an answer asks for, each time with other answers; its queries."""
    officer, _ = create_user(
        actor=SYSTEM, email="bench@example.org", name="Bench", organisation_role=OrganisationRole.OFFICER
    )
    team = create_team(actor=SYSTEM, name="Bench")
    system = services.register_system(
        actor=officer, team_id=team.pk, name="Bench", purpose="Is measured.", owner_id=None, supplier=""
    )
    services.answer_profile(system.pk, actor=officer, answers={"model_types": ["genai"]}, expected_number=0)
    client = Client(SERVER_NAME=urlsplit(settings.SITE_URL).hostname)
    client.force_login(officer)
    address = reverse("systems:effect", args=[system.pk])

    def ask(answers: Answers) -> None:
        answer = client.post(address, {**answers, "expected_number": 1}, headers={"HX-Request": "true"})
        assert answer.status_code == 200, answer.status_code

    times = [timed(partial(ask, each)) for each in profiles]
    with CaptureQueriesContext(connection) as captured:
        ask({})
    return times, len(captured)


def timed(call: Callable[[], object], *, before: Callable[[], object] | None = None) -> float:
    """Milliseconds that a call takes."""
    if before:
        before()
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1000


def p95(times: list[float]) -> float:
    """What 95 of 100 stay below."""
    return quantiles(times, n=20)[-1]


if __name__ == "__main__":
    main()
