"""The locked requirements: written by `dev.py lock`, compared with pyproject.toml by `dev.py check`.

Standard library only, since it must run before there is an environment.
"""

import hashlib
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
DECLARED = CHECKOUT / "requirements" / "declared.sha256"
GROUPS = {"app": [], "embedded": ["embedded"], "dev": ["embedded", "test", "lint"]}
OPTIONS = ["--universal", "--generate-hashes", "--no-emit-index-url", "--no-header", "--python-version", "3.12"]


def write_locks(uv: str) -> None:
    """Resolve pyproject.toml into requirements/*.txt, with hashes and without addresses of an index."""
    for name, groups in GROUPS.items():
        print(f"* requirements/{name}.txt", file=sys.stderr, flush=True)
        chosen = [word for group in groups for word in ("--group", group)]
        command = [uv, "pip", "compile", "--quiet", "pyproject.toml", *OPTIONS, *chosen]
        subprocess.run(
            [*command, "-o", f"requirements/{name}.txt"], check=True, cwd=CHECKOUT, stdout=subprocess.DEVNULL
        )
    DECLARED.write_text(declared_now() + "\n")


def declared_now() -> str:
    """Return the hash of everything in pyproject.toml that decides what gets locked."""
    content = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())
    project = content["project"]
    deciding = [
        project["requires-python"],
        project["dependencies"],
        project.get("optional-dependencies", {}),
        content.get("dependency-groups", {}),
    ]
    return hashlib.sha256(json.dumps(deciding, sort_keys=True).encode()).hexdigest()


def are_current() -> bool:
    """Say whether the locks were written from what pyproject.toml declares now."""
    return DECLARED.exists() and DECLARED.read_text().strip() == declared_now()


if __name__ == "__main__":
    try:
        write_locks(os.environ["UV"])
    except subprocess.CalledProcessError:
        sys.exit("The requirements could not be resolved; uv's reason stands above.")
