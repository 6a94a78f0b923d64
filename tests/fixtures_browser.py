"""A real Chromium for tests that are marked, or by their fixtures become, `browser`."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from embedded.browser import launch
from embedded.refusal import Refusal


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what uses the browser, so that `-m 'not browser'` leaves nothing behind."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, started once."""
    with sync_playwright() as playwright:
        try:
            chromium = launch(playwright)
        except Refusal as refusal:
            pytest.fail(str(refusal), pytrace=False)
        yield chromium
        chromium.close()


@pytest.fixture
def browser_context(browser: Browser, server: str, committed_db: None) -> Iterator[BrowserContext]:
    """A person's browser: fresh cookies, 1280 px wide, addresses relative to the server, data really saved."""
    context = browser.new_context(base_url=server, viewport={"width": 1280, "height": 900})
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def page(browser_context: BrowserContext) -> Iterator[Page]:
    """A tab with scripts on; the test fails when the page threw an error or broke its own content policy."""
    page = browser_context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.extend(_complaints(message)))
    yield page
    assert errors == [], "the browser's console shows errors"


@pytest.fixture
def page_without_scripts(browser: Browser, server: str, committed_db: None) -> Iterator[Page]:
    """A tab of a browser in which scripts are switched off."""
    context = browser.new_context(base_url=server, java_script_enabled=False, viewport={"width": 1280, "height": 900})
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def _complaints(message: ConsoleMessage) -> list[str]:
    """Return the error in a console message; a refused form (422) or a 404 that a test asked for is none."""
    is_answer = message.text.startswith("Failed to load resource: the server responded with a status of 4")
    return [message.text] if message.type == "error" and not is_answer else []
