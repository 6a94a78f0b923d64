"""What identification costs: one profile, thousands in one process, and the live panel beside the questions.

Run with `python3 dev.py bench identification`. The last line is one JSON object. Milliseconds are median and p95 on the
wall, then median and p95 at the processor, which other work on the machine lengthens less; so are profiles per second.
`cold_over_warm` is one profile of which no rule has seen a part over one whose parts are remembered; `start_over_lines`
is the start of the process over the whole run; `panel_over_profile` is the live panel over the pure function. Time of
the database is in that of the wall only. Absolute times depend on the machine; the limits are the requirements'.
"""

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Spent:
    """Milliseconds on the wall and at the processor."""

    wall: float
    cpu: float


def main() -> None:
    profiles = distinct_profiles(PROFILES)
    cold, warm, points = one_by_one(profiles[:SOLO])
    start, whole, again = in_one_process(profiles)
    panel, queries = live_panel(profiles[:PANELS])
    print(f"{len(profiles)} different profiles; {queries} queries per live panel")
    print(f"{'What':<36}{'median':>10}{'p95':>10}{'cpu':>10}{'cpu p95':>10}{'limit':>8}")
    for what, spent, limit in (
        ("verdicts, nothing remembered, ms", cold, "1"),
        ("verdicts, all remembered, ms", warm, "1"),
        ("points, nothing remembered, ms", points, ""),
        ("live panel, ms", panel, "100"),
    ):
        print(f"{what:<36}{''.join(f'{each:>10.3f}' for each in figures(spent))}{limit:>8}")
    for what, run, limit in (("--lines, whole process, per s", whole, "2000"), ("--lines, warm, per s", again, "")):
        print(f"{what:<36}{per_second(run.wall):>10}{'':>10}{per_second(run.cpu):>10}{'':>10}{limit:>8}")
    print(
        json.dumps(
            {
                "cold_ms": figures(cold),
                "warm_ms": figures(warm),
                "panel_ms": figures(panel),
                "lines_per_second": [per_second(whole.wall), per_second(whole.cpu)],
                "warm_lines_per_second": [per_second(again.wall), per_second(again.cpu)],
                "cold_over_warm": round(figures(cold)[2] / figures(warm)[2], 1),
                "start_over_lines": round(start.cpu / whole.cpu, 2),
                "panel_over_profile": round(figures(panel)[2] / figures(warm)[2]),
            }
        )
    )


def figures(spent: list[Spent]) -> list[float]:
    """Median and p95 on the wall, then at the processor."""
    walls, cpus = [each.wall for each in spent], [each.cpu for each in spent]
    return [round(each, 3) for times in (walls, cpus) for each in (median(times), quantiles(times, n=20)[-1])]


def per_second(milliseconds: float) -> int:
    """Profiles per second when all of them take so long."""
    return round(PROFILES / milliseconds * 1000)


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


def one_by_one(profiles: list[Answers]) -> tuple[list[Spent], list[Spent], list[Spent]]:
    """The verdicts of each profile with empty memory and with a full one, and its points with empty memory."""
    verdicts, points = partial(rules.identify, RULES), partial(attention.attention_to, RULES)
    cold = [timed(partial(verdicts, each), before=forget) for each in profiles]
    looked = [timed(partial(points, each), before=forget) for each in profiles]
    for each in profiles:
        verdicts(each)
    return cold, [timed(partial(verdicts, each)) for each in profiles], looked


def forget() -> None:
    for module in (rules, reasons, attention):
        for each in vars(module).values():
            if hasattr(each, "cache_clear"):
                each.cache_clear()


def in_one_process(profiles: list[Answers]) -> tuple[Spent, Spent, Spent]:
    """The command as a process of its own: with nothing to do, and with all profiles from start to end.

    Last with all of them in a process where it has run before.
    """
    with tempfile.TemporaryDirectory() as folder:
        nothing, file, out = Path(folder, "nothing"), Path(folder, "profiles"), Path(folder, "out")
        nothing.touch()
        file.write_text("".join(f"{json.dumps(each)}\n" for each in profiles), encoding="utf-8")
        start = timed(partial(run, nothing, out))
        whole = timed(partial(run, file, out))
        with out.open(encoding="utf-8") as answered:
            assert sum(line.startswith('{"threats":') for line in answered) == len(profiles)
        with Path(os.devnull).open("w", encoding="utf-8") as void:
            again = partial(call_command, "identify_threats", str(file), lines=True, stdout=void)
            again()
            return start, whole, timed(again)


def run(file: Path, out: Path) -> None:
    with out.open("wb") as stream:
        command = [sys.executable, str(ROOT / "manage.py"), "identify_threats", "--lines", str(file)]
        subprocess.run(command, cwd=ROOT, stdout=stream, check=True)


def live_panel(profiles: Iterable[Answers]) -> tuple[list[Spent], int]:
    """Time at the server for what a change of an answer asks for, each time with other answers; its queries."""
    officer, _ = create_user(
        actor=SYSTEM, email="bench@example.org", name="Bench", organisation_role=OrganisationRole.OFFICER
    )
    team = create_team(actor=SYSTEM, name="Bench")
    system = services.register_system(
        actor=officer, team_id=team.pk, name="Bench", purpose="Is measured.", owner_id=None
    )
    services.answer_profile(system.pk, actor=officer, answers={"model_types": ["genai"]}, expected_number=0)
    client = Client(SERVER_NAME=urlsplit(settings.SITE_URL).hostname)
    client.force_login(officer)
    address = reverse("systems:effect", args=[system.pk])

    def ask(answers: Answers) -> None:
        answer = client.post(address, {**answers, "expected_number": 1}, headers={"HX-Request": "true"})
        assert answer.status_code == 200, answer.status_code

    spent = [timed(partial(ask, each)) for each in profiles]
    with CaptureQueriesContext(connection) as captured:
        ask({})
    return spent, len(captured)


def timed(call: Callable[[], object], *, before: Callable[[], object] | None = None) -> Spent:
    """What a call takes, processes that it waits for included."""
    if before:
        before()
    wall, cpu = time.perf_counter(), processor()
    call()
    return Spent((time.perf_counter() - wall) * 1000, (processor() - cpu) * 1000)


def processor() -> float:
    """Seconds of the processor that this process and those it has waited for have had."""
    waited_for = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + waited_for.ru_utime + waited_for.ru_stime


if __name__ == "__main__":
    main()
