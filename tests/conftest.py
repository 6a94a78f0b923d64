"""Where the fixtures live: one module per subject; and how the process of the tests minds its memory."""

import gc

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
