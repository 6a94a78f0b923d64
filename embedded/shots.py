"""`dev.py shots`: pictures of every page of the demo, each signed in as the person it is for.

Every page is taken light and dark, 1280 and 360 px wide; a picture is named after its address.
"""

import argparse
import itertools
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from embedded import browser, process, programs
from embedded.servers import application_environment
from embedded.state import CHECKOUT
from embedded.throwaway import throwaway_servers

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, StorageState

type Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
WIDTHS = {1280: 900, 360: 740}  # width and height in pixels
LONGEST_JOB = 3000  # milliseconds that the worker gets to finish what a button asked for


@dataclass(frozen=True)
class Shot:
    """A page and the person it is for; `press` names a button that leads from the page to the one to be taken."""

    person: str
    path: str
    press: str = ""
    name: str = ""

    @property
    def file_name(self) -> str:
        """The address as a file name."""
        return self.name or self.path.strip("/").replace("/", "-").replace("?", "-").replace("=", "-") or "home"


# The demo's rows have the same numbers every time, since it is built into an empty database.
SHOTS = (
    Shot("", "/sign-in/"),
    Shot("officer", "/"),
    Shot("viewer", "/", name="home-viewer"),
    Shot("owner", "/my-work/"),
    Shot("officer", "/systems/"),
    Shot("editor", "/systems/new/"),
    Shot("officer", "/systems/1/"),
    Shot("editor", "/systems/1/edit/"),
    Shot("editor", "/systems/1/profile/"),
    Shot("officer", "/systems/1/risks/"),
    Shot("editor", "/systems/1/risks/new/"),
    Shot("officer", "/systems/1/responsibility/"),
    Shot("editor", "/systems/1/responsibility/directpromptinjection/"),
    Shot("auditor", "/systems/1/history/"),
    Shot("officer", "/risks/"),
    Shot("officer", "/risks/heatmap/"),
    Shot("officer", "/risks/1/"),
    Shot("viewer", "/risks/1/", name="risks-1-viewer"),
    Shot("officer", "/risks/1/rating/"),
    Shot("officer", "/risks/1/treatment/"),
    Shot("editor", "/risks/1/description/"),
    Shot("officer", "/risks/", press="Export", name="exports-1"),
    Shot("viewer", "/catalog/"),
    Shot("viewer", "/catalog/threats/"),
    Shot("viewer", "/catalog/threats/evasion/"),
    Shot("viewer", "/catalog/controls/"),
    Shot("viewer", "/catalog/controls/oversight/"),
    Shot("viewer", "/catalog/groups/limitunwanted/"),
    Shot("viewer", "/catalog/map/"),
    Shot("viewer", "/catalog/map/?view=externally-hosted"),
    Shot("viewer", "/catalog/matrix/"),
    Shot("viewer", "/catalog/periodic-table/"),
    Shot("viewer", "/catalog/essentials/"),
    Shot("viewer", "/catalog/risk-areas/"),
    Shot("viewer", "/catalog/frameworks/"),
    Shot("viewer", "/catalog/frameworks/exchange-genai-2026/"),
    Shot("viewer", "/catalog/frameworks/ncsc-guidelines/"),
    Shot("viewer", "/catalog/frameworks/owasp-llm-2026/"),
    Shot("viewer", "/catalog/beside-security/copyright/"),
    Shot("viewer", "/catalog/search/?q=promt+injecton"),
    Shot("viewer", "/catalog/questions/"),
    Shot("officer", "/catalog/editions/"),
    Shot("officer", "/catalog/own/"),
    Shot("officer", "/catalog/own/threats/new/"),
    Shot("viewer", "/account/"),
    Shot("viewer", "/account/password/"),
    Shot("admin", "/people/"),
    Shot("admin", "/people/new/"),
    Shot("admin", "/people/2/"),
    Shot("admin", "/people/teams/1/"),
    Shot("viewer", "/no-such-page/", name="not-found"),
)


def shots(arguments: list[str]) -> int:
    """Take all pictures; 1 when a page did not look as it should."""
    parser = argparse.ArgumentParser(prog="dev.py shots", description="Take pictures of every page of the demo.")
    parser.add_argument("--out", metavar="DIR", type=Path, default=CHECKOUT / "shots", help="where to (default: shots)")
    parser.add_argument("--only", metavar="TEXT", default="", help="only pages whose name holds this text")
    options = parser.parse_args(arguments)
    os.environ["CHROMIUM_PATH"] = browser.find_or_install()
    chosen = [shot for shot in SHOTS if options.only in shot.file_name]
    options.out.mkdir(parents=True, exist_ok=True)
    with demo() as (url, passwords):
        complaints = photograph(chosen, url=url, passwords=passwords, folder=options.out)
    print("\n".join([*complaints, f"{len(chosen) * len(SCHEMES) * len(WIDTHS)} pictures in {options.out}"]))
    return 1 if complaints else 0


@contextmanager
def demo() -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the address of a demo with web and worker, and the passwords of its people by the name before the @."""
    with throwaway_servers() as servers:
        port = process.free_port()
        url = f"http://127.0.0.1:{port}"
        environment = application_environment(servers.state, site_url=url)
        programs.run_commands(programs.PREPARATION, application_environment(servers.state, site_url=url, as_owner=True))
        command = [sys.executable, str(CHECKOUT / "manage.py"), "demo"]
        told = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout
        children = [process.start(each, environment=environment) for each in (programs.web(port), programs.worker())]
        try:
            programs.wait_until(lambda: programs.is_ready(f"{url}/health/ready/"), children[0], "web server")
            yield url, dict(re.findall(r"^(\w+)@example\.org\s+(\S+)", told, re.MULTILINE))
        finally:
            for child in children:
                process.stop(child, patience=10)


def photograph(chosen: list[Shot], *, url: str, passwords: dict[str, str], folder: Path) -> list[str]:
    """Take the chosen pages in every scheme and width; return what is wrong with them, a line each."""
    from playwright.sync_api import sync_playwright

    complaints: list[str] = []
    with sync_playwright() as playwright:
        chromium = browser.launch(playwright)
        for person in sorted({shot.person for shot in chosen}):
            session = sign_in(chromium, url, person, passwords[person]) if person else None
            for scheme, width in itertools.product(SCHEMES, WIDTHS):
                context = chromium.new_context(
                    base_url=url,
                    color_scheme=scheme,
                    viewport={"width": width, "height": WIDTHS[width]},
                    storage_state=session,
                )
                for shot in (each for each in chosen if each.person == person):
                    complaints += take(context, shot, folder / f"{shot.file_name}.{width}.{scheme}.png")
                context.close()
        chromium.close()
    return complaints


def sign_in(chromium: "Browser", url: str, person: str, password: str) -> "StorageState":
    """Sign a person in once and return their session."""
    context = chromium.new_context(base_url=url)
    page = context.new_page()
    page.goto("/sign-in/")
    page.locator("input[name=username]").fill(f"{person}@example.org")
    page.locator("input[name=password]").fill(password)
    page.locator("main button[type=submit], form button[type=submit]").first.click()
    page.wait_for_url(lambda address: "/sign-in/" not in address)
    session = context.storage_state()
    context.close()
    return session


def take(context: "BrowserContext", shot: Shot, path: Path) -> list[str]:
    """Take one picture of the whole page; return what is wrong with the page."""
    page = context.new_page()
    answer = page.goto(shot.path)
    if shot.press:
        page.get_by_role("button", name=shot.press).first.click()
        page.wait_for_timeout(LONGEST_JOB)
    page.screenshot(path=path, full_page=True)
    is_too_wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    page.close()
    complaints = [f"{path.name}: the page scrolls sideways"] if is_too_wide else []
    if answer is None or (answer.status >= 400) != (shot.name == "not-found"):
        complaints.append(f"{path.name}: {shot.path} answered {answer.status if answer else 'nothing'}")
    return complaints
