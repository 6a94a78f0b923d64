"""The production composition: valid by the schema, and by rules of ours that no schema knows."""

import os
import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import compose_spec
import psycopg
import pytest
import yaml
from django.conf import settings

from embedded.account import server_account
from embedded.binaries import binaries

CHECKOUT = Path(__file__).resolve().parent.parent.parent
COMPOSE = CHECKOUT / "docker-compose.yml"
DOCKERFILE = (CHECKOUT / "Dockerfile").read_text()
SITE_URL = "https://risks.example.org"

# A tag that names a release to its last digit, or a digest.
PINNED = re.compile(r":[\w.-]*\d+\.\d+[\w.-]*(@sha256:[0-9a-f]{64})?$|@sha256:[0-9a-f]{64}$")


@pytest.fixture(scope="module")
def text() -> str:
    """The file with the one setting that a person has to give."""
    return re.sub(r"\$\{SITE_URL:\?[^}]*\}", SITE_URL, COMPOSE.read_text())


@pytest.fixture(scope="module")
def compose(text: str) -> dict[str, Any]:
    """The file as data."""
    return dict(yaml.safe_load(text))


@pytest.fixture(scope="module")
def services(compose: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Its services."""
    return dict(compose["services"])


def test_the_file_follows_the_compose_schema(compose: dict[str, Any]) -> None:
    resolved = yaml.safe_dump({name: part for name, part in compose.items() if not name.startswith("x-")})

    assert set(compose_spec.PyCompose.from_yaml(resolved).service_names()) == set(compose["services"])


def test_it_asks_for_the_address_rather_than_guessing_one() -> None:
    assert re.search(r"SITE_URL: \$\{SITE_URL:\?", COMPOSE.read_text())


def test_every_service_waits_only_for_services_that_exist_and_can_be_waited_for(services: dict[str, Any]) -> None:
    for service in services.values():
        for name, needed in service.get("depends_on", {}).items():
            is_a_job = services[name].get("restart") == "no"
            expected = "service_completed_successfully" if is_a_job else "service_healthy"
            assert needed["condition"] == expected


def test_named_volumes_networks_and_secrets_exist_and_are_all_used(compose: dict[str, Any]) -> None:
    services = compose["services"].values()
    volumes = {volume.partition(":")[0] for service in services for volume in service.get("volumes", [])}
    secrets = {name_of(secret) for service in services for secret in service.get("secrets", [])}
    networks = {network for service in services for network in service["networks"]}

    assert {volume for volume in volumes if not volume.startswith(".")} == set(compose["volumes"])
    assert all((CHECKOUT / volume).exists() for volume in volumes if volume.startswith("."))
    assert secrets == set(compose["secrets"])
    assert networks == set(compose["networks"])


def test_every_image_is_pinned(services: dict[str, Any]) -> None:
    images = [service["image"] for service in services.values()] + re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)

    assert [image for image in images if not PINNED.search(image)] == []


def test_whatever_keeps_running_has_a_health_check(services: dict[str, Any]) -> None:
    for name, service in services.items():
        is_a_job = service.get("restart") == "no"
        assert service["healthcheck"] == {"disable": True} if is_a_job else "test" in service["healthcheck"], name


def test_there_is_exactly_one_scheduler(services: dict[str, Any]) -> None:
    schedulers = [service for service in services.values() if "beat" in service.get("command", [])]

    assert [service["deploy"]["replicas"] for service in schedulers] == [1]


def test_web_and_workers_come_in_twos(services: dict[str, Any]) -> None:
    assert [services[name]["deploy"]["replicas"] for name in ("web", "worker")] == [2, 2]


def test_no_password_stands_in_the_file(services: dict[str, Any]) -> None:
    for service in services.values():
        for name, value in service.get("environment", {}).items():
            if re.search(r"PASSWORD|SECRET|BROKER_URL|TOKEN", name):
                assert name.endswith("_FILE"), name
                assert value.startswith("/run/secrets/"), name


def test_each_service_is_given_the_secrets_it_reads(services: dict[str, Any]) -> None:
    for name, service in services.items():
        files = [value for value in service.get("environment", {}).values() if value.startswith("/run/secrets/")]
        assert {Path(file).name for file in files} <= {name_of(secret) for secret in service["secrets"]}, name


def test_only_the_migrate_job_and_the_database_know_the_owner(services: dict[str, Any]) -> None:
    knowing = {name for name, service in services.items() if "owner" in str(service.get("secrets"))}

    assert knowing == {"migrate", "database"}


def test_nothing_switches_debugging_on(text: str) -> None:
    assert "DEBUG" not in text + DOCKERFILE
    assert "AIEXCHANGE_MODE" not in text + DOCKERFILE


def test_our_containers_are_powerless(services: dict[str, Any]) -> None:
    ours = [service for service in services.values() if service["image"].startswith("aiexchange:")]

    assert len(ours) == 4
    for service in ours:
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in service["security_opt"]
    assert re.search(r"^USER \d+:\d+$", DOCKERFILE, re.MULTILINE)


def test_only_a_proxy_reaches_web_and_nothing_reaches_the_rest(compose: dict[str, Any]) -> None:
    assert not any("ports" in service for service in compose["services"].values())
    assert compose["networks"]["back"] == {"internal": True}
    assert [name for name, service in compose["services"].items() if "front" in service["networks"]] == ["web"]


def test_the_image_holds_every_application() -> None:
    copied = set(re.findall(r"^COPY (?!--from)(\w+) ", DOCKERFILE, re.MULTILINE))
    let_in = set(re.findall(r"^!([\w/.]+)", (CHECKOUT / ".dockerignore").read_text(), re.MULTILINE))
    ours = {app.partition(".")[0] for app in settings.INSTALLED_APPS if (CHECKOUT / app.replace(".", "/")).is_dir()}

    assert {*ours, "aiexchange", "templates", "static"} == copied
    assert copied <= let_in


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Secrets made by the script that operators run."""
    folder = tmp_path_factory.mktemp("deploy")
    script = folder / "make-secrets.sh"
    script.write_text((CHECKOUT / "deploy" / "make-secrets.sh").read_text())
    subprocess.run(["sh", script], check=True, stdout=subprocess.DEVNULL)
    return folder / "secrets"


def test_the_script_makes_every_secret_once(secrets: Path, compose: dict[str, Any]) -> None:
    expected = {Path(secret["file"]).name for secret in compose["secrets"].values()}
    again = subprocess.run(["sh", secrets.parent / "make-secrets.sh"], check=False, capture_output=True, text=True)

    assert {path.name for path in secrets.iterdir()} == expected
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o700
    assert again.returncode == 1
    assert "exists already" in again.stderr


def test_the_secrets_are_accepted_as_settings(secrets: Path, services: dict[str, Any]) -> None:
    environment = {
        name: value.replace("/run/secrets", str(secrets)) for name, value in services["migrate"]["environment"].items()
    }
    command = [sys.executable, "-c", "from django.conf import settings; print(settings.DATABASES['owner']['USER'])"]
    result = subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        cwd=CHECKOUT,
        env={"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "aiexchange.settings", **environment},
    )

    assert (result.stdout, result.stderr) == ("aiexchange_owner\n", "")


def test_the_roles_made_at_the_first_start_are_what_they_should_be(secrets: Path) -> None:
    script = (CHECKOUT / "deploy" / "postgres" / "10-roles.sql").read_text()
    renamed = re.sub(r"aiexchange(?=_owner|_app|[ ;\n])", "composed", script).replace("/run/secrets", str(secrets))
    superuser = os.environ["TEST_SUPERUSER_DSN"]
    psql = binaries(server_account()).postgres / "psql"

    subprocess.run([psql, superuser, "-v", "ON_ERROR_STOP=1", "-qX"], input=renamed, text=True, check=True)

    password = (secrets / "db_app_password").read_text()
    with psycopg.connect(superuser, user="composed_app", password=password, dbname="composed") as connection:
        powers = connection.execute(
            "SELECT rolsuper, rolcreatedb, rolcreaterole, rolbypassrls,"
            " has_schema_privilege('public', 'CREATE'), has_database_privilege('composed', 'CREATE, TEMPORARY')"
            " FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
    assert powers == (False,) * 6


def name_of(secret: str | dict[str, str]) -> str:
    """A secret's name in the short or the long form."""
    return secret if isinstance(secret, str) else secret["source"]
