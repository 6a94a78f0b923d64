"""`manage.py identify_threats`: what it prints, how it refuses, and that it works without a database."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from risks.systems.answers import InvalidAnswersError
from risks.systems.profile_files import LONGEST, lines_of, read_profile
from risks.systems.rules import identify
from tests.systems.profiles import CHATBOT, RULE_DATA, RULES, all_answers_to

ROOT = Path(__file__).resolve().parents[2]

type Ask = Callable[..., str]


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    """Run the command on a file with this content and return what it prints."""

    def run(content: object, *options: str) -> str:
        file, printed = tmp_path / "profile.json", io.StringIO()
        file.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        call_command("identify_threats", str(file), *options, stdout=printed)
        return printed.getvalue()

    return run


def refusal(ask: Ask, content: object) -> str:
    with pytest.raises(CommandError) as refused:
        ask(content)
    assert refused.value.returncode == 1
    return str(refused.value)


def manage(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """The command as a process of its own, with nothing behind the address of the database."""
    environment = os.environ | {"DB_HOST": "127.0.0.1", "DB_PORT": "1"}
    command = [sys.executable, str(ROOT / "manage.py"), "identify_threats", *arguments]
    return subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False, **options
    )


def test_it_prints_one_object_with_every_threat_in_the_order_of_the_rules(ask: Ask) -> None:
    printed = json.loads(ask(CHATBOT))
    assert list(printed) == ["threats"]
    assert list(printed["threats"]) == list(RULE_DATA)
    assert printed["threats"]["devdataleak"] == {
        "status": "not_applicable",
        "party": None,
        "reasons": ["We neither train nor fine-tune the model."],
    }
    for threat, verdict in identify(RULES, CHATBOT).verdicts.items():
        assert printed["threats"][threat] == {
            "status": verdict.status,
            "party": verdict.party,
            "reasons": [reason.text for reason in verdict.reasons],
        }


def test_each_line_is_a_profile_and_answers_in_its_place(ask: Ask) -> None:
    profiles = [CHATBOT, {}, {"trained_by": ["own"]}]
    answers = ask("\n".join(map(json.dumps, profiles)).encode(), "--lines").splitlines()
    assert answers == [ask(profile).strip() for profile in profiles]


def test_a_wrong_line_keeps_its_place_and_ends_in_failure(tmp_path: Path) -> None:
    file, printed = tmp_path / "profiles", io.StringIO()
    file.write_bytes(b'{}\n{"run_by": "me"}\n\n{"a": NaN}\nno\n{}')
    with pytest.raises(CommandError, match=r"^4 of 6 lines hold no valid profile\.$"):
        call_command("identify_threats", str(file), "--lines", stdout=printed)
    answers = [json.loads(line) for line in printed.getvalue().splitlines()]
    assert answers[0] == answers[5]
    assert answers[1:5] == [
        {"errors": {"run_by": "“me” is not an answer to this question; it takes “own”, “supplier” or “unknown”."}},
        {"errors": {"profile": "Line 3 is empty; a profile without answers is written {}."}},
        {"errors": {"profile": "Line 4 holds NaN, which is not valid JSON."}},
        {"errors": {"profile": "Line 5 is not valid JSON at column 1: Expecting value."}},
    ]


def test_one_wrong_line_is_counted_as_one(ask: Ask) -> None:
    with pytest.raises(CommandError, match=r"^1 of 1 lines holds no valid profile\.$"):
        ask(b"[]", "--lines")


def test_no_lines_give_no_answers(ask: Ask) -> None:
    assert ask(b"", "--lines") == ""


@pytest.mark.parametrize("ending", [b"", b"\n", b"\r\n"])
def test_the_last_line_may_end_or_not(ask: Ask, ending: bytes) -> None:
    assert len(ask(b"{}\r\n{}" + ending, "--lines").splitlines()) == 2


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The profile is empty; a profile without answers is written {}."),
        (b" \n", "The profile is empty; a profile without answers is written {}."),
        (b"[]", "A profile is an object of questions and answers, not a list."),
        (b"null", "A profile is an object of questions and answers, not null."),
        (b"1" * 10_000, "A profile is an object of questions and answers, not a number."),
        (b'{"run_by":\n own}', "The profile is not valid JSON on line 2 at column 2: Expecting value."),
        (b"{} {}", "The profile is not valid JSON on line 1 at column 4: Extra data."),
        (b'{\n"run_by": "\xff"}', "The profile is not UTF-8 text on line 2."),
        ('{"run_by": "own"}'.encode("utf-16"), "The profile is not UTF-8 text on line 1."),
        (b'{"text_output":\nNaN}', "The profile holds NaN, which is not valid JSON on line 2."),
        (b'{"NaN": 1, "a":\n-Infinity}', "The profile holds -Infinity, which is not valid JSON on line 2."),
        (b'{"run_by": "own",\n\n"run_by": "own"}', "The profile names “run_by” twice on line 3."),
        (b'{"a": 1,\n"\\u0061": 2}\n', "The profile names “a” twice on line 3."),
        (b'{"run_by": 1e400}', "run_by: This question takes one of “own”, “supplier” or “unknown”, not a number."),
        (b'{"colour": 1}', "colour: The profile has no question “colour”."),
        (b"[" * 100_000, "The profile is nested too deeply to be a profile."),
        (b'{"a":' * 100_000, "The profile is nested too deeply to be a profile."),
        (b'{"a": "' + b"x" * LONGEST + b'"}', "The profile is longer than 1,000,000 bytes."),
    ],
)  # fmt: skip
def test_what_is_no_profile_is_refused_with_one_sentence(ask: Ask, content: bytes, sentence: str) -> None:
    assert refusal(ask, content) == sentence


def test_every_wrong_answer_is_named(ask: Ask) -> None:
    assert refusal(ask, {"trained_by": "own", "colour": "red"}).splitlines() == [
        "trained_by: This question takes a list of “own” or “supplier”, not text.",
        "colour: The profile has no question “colour”.",
    ]


def test_a_byte_order_mark_is_no_part_of_the_profile(ask: Ask) -> None:
    assert ask(b"\xef\xbb\xbf{}") == ask({})


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    for file in (tmp_path / "nowhere", tmp_path):
        with pytest.raises(CommandError, match=rf"^{file} cannot be read: [A-Z][a-z ]+\.$"):
            call_command("identify_threats", str(file))


def test_a_line_too_long_is_passed_over_without_holding_it() -> None:
    stream = io.BytesIO(b"x" * (3 * LONGEST) + b"\n{}\n" + b"y" * (LONGEST + 1))
    lines = list(lines_of(stream))
    assert [len(line) > LONGEST for line in lines] == [True, False, True]
    assert max(map(len, lines)) <= LONGEST + 2
    with pytest.raises(InvalidAnswersError, match="Line 1 is longer than 1,000,000 bytes"):
        read_profile(RULES, lines[0], line=1)


@settings(deadline=None, derandomize=True)
@given(st.binary(max_size=80) | st.text(alphabet='{}[]",:nul \\u19e\n', max_size=80).map(str.encode))
def test_any_bytes_are_a_profile_or_refused_with_sentences(raw: bytes) -> None:
    try:
        errors = {} if read_profile(RULES, raw) is not None else {"nothing": "came back"}
    except InvalidAnswersError as refused:
        errors = refused.errors
    assert all(sentence.endswith(".") and sentence.isprintable() for sentence in errors.values())


# As a process of its own.


def test_it_reads_standard_input_and_needs_no_database() -> None:
    done = manage("-", input=json.dumps(CHATBOT))
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["threats"]["indirectpromptinjection"]["status"] == "applicable"


def test_a_bad_profile_leaves_one_sentence_and_a_failure() -> None:
    done = manage("-", input='{"run_by": "me"}')
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "CommandError: run_by: “me” is not an answer to this question; it takes “own”, “supplier” or “unknown”.\n"
    )


def test_a_reader_that_leaves_ends_it_quietly(tmp_path: Path) -> None:
    file = tmp_path / "profiles"
    file.write_text("{}\n" * 2_000, encoding="utf-8")
    command = [sys.executable, str(ROOT / "manage.py"), "identify_threats", "--lines", str(file)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        assert running.stdout.readline().startswith(b'{"threats":')
        running.stdout.close()
        assert running.stderr.read() == b""
        assert running.wait(timeout=60) == 0


def test_thousands_of_profiles_are_answered_line_by_line(tmp_path: Path) -> None:
    profiles = all_answers_to(("model_types", "trained_by", "run_by", "augmentation", "triggers_actions"))
    file = tmp_path / "profiles"
    file.write_text("".join(json.dumps(answers) + "\n" for answers in profiles), encoding="utf-8")
    with io.StringIO() as printed:
        call_command("identify_threats", str(file), "--lines", stdout=printed)
        count = printed.getvalue().count("\n")
    assert count == 8 * 4 * 3 * 9 * 3
