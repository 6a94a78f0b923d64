"""Where the fixtures live: one module per subject; and how the process of the tests minds its memory."""

import gc

import pytest

pytest_plugins = [
    "tests.cast",
    "tests.whole.world",
    "tests.fixtures_database",
    "tests.fixtures_processes",
    "tests.fixtures_browser",
]


def pytest_collection_finish() -> None:
    """Look for garbage seldom, and never among what stays: going through all that is loaded took an eighth of the time.

    The processes that tests start do as they always do.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take long, so that no process is left with one while the other has nothing to do.

    A file with a browser goes first however few its tests are, then what looks at the product as a whole.
    """
    with_browser = {item.path for item in items if "browser" in getattr(item, "fixturenames", ())}
    items.sort(key=lambda item: (item.path not in with_browser, item.path.parent.name != "whole"))
