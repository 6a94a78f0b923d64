"""Where the fixtures live: one module per subject."""

pytest_plugins = [
    "tests.cast",
    "tests.whole.world",
    "tests.fixtures_database",
    "tests.fixtures_processes",
    "tests.fixtures_browser",
]
