"""PostgreSQL and Valkey together, on one data folder, and the environment in which the application finds them."""

import hashlib
import os
from pathlib import Path
from typing import Literal

from embedded.account import Account, server_account
from embedded.binaries import STAGED, binaries
from embedded.postgres import CARELESS, Postgres
from embedded.roles import APP, DATABASE, OWNER, prepare_roles
from embedded.state import CHECKOUT, State, make_folder, refuse_full_disk
from embedded.valkey import Valkey

# Settings of another installation must not leak into ours.
FOREIGN = ("DB_", "SECRET_KEY", "BROKER_URL", "SITE_URL", "ALLOWED_HOSTS", "AIEXCHANGE_MODE", "BEHIND_PROXY")


class Servers:
    """The two servers of a data folder; `is_durable` False trades safety for speed, for what is thrown away."""

    def __init__(self, state: State, *, is_durable: bool = True) -> None:
        self.state = state
        account = server_account()
        programs = binaries(account)
        home = _home(state, account)
        logs = make_folder(state.folder / "logs")
        self.postgres = Postgres(
            home / "postgres",
            programs=programs.postgres,
            account=account,
            password=state.superuser_password,
            log=logs / "postgres.log",
            options=() if is_durable else CARELESS,
        )
        self.valkey = Valkey(
            home / "valkey",
            program=programs.valkey,
            account=account,
            password=state.broker_password,
            log=logs / "valkey.log",
        )

    def start(self) -> None:
        """Start both, make the roles, and note where they answer."""
        refuse_full_disk(self.postgres.folder.parent)
        self.postgres.stop_leftover(self.state.postgres_port)
        self.valkey.stop_leftover(self.state.broker_port)
        self.postgres.start()
        self.valkey.start()
        prepare_roles(
            self.postgres.dsn(), owner_password=self.state.owner_password, app_password=self.state.app_password
        )
        self.state.postgres_port, self.state.broker_port = self.postgres.port, self.valkey.port
        self.state.save()

    def stop(self) -> None:
        """End both; what was acknowledged is on disk."""
        self.valkey.stop()
        self.postgres.stop()


def application_environment(
    state: State, *, site_url: str, as_owner: bool = False, mode: Literal["embedded", "test"] = "embedded"
) -> dict[str, str]:
    """Return the environment of a process of the application; only jobs that migrate get the owner's password."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    environment |= {
        "AIEXCHANGE_MODE": mode,
        "PYTHONPATH": os.pathsep.join(filter(None, [str(CHECKOUT), os.environ.get("PYTHONPATH")])),
        "DJANGO_SETTINGS_MODULE": "aiexchange.settings",
        "SECRET_KEY": state.secret_key,
        "SITE_URL": site_url,
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "DB_HOST": "127.0.0.1",
        "DB_PORT": str(state.postgres_port),
        "DB_NAME": DATABASE,
        "DB_USER": APP,
        "DB_PASSWORD": state.app_password,
        "BROKER_URL": f"redis://:{state.broker_password}@127.0.0.1:{state.broker_port}/0",
    }
    if as_owner:
        environment |= {"DB_OWNER_USER": OWNER, "DB_OWNER_PASSWORD": state.owner_password, "DB_POOL": "0"}
    return environment


def _home(state: State, account: Account | None) -> Path:
    """Return the folder for the servers' files: the data folder, unless the servers' account can't enter it."""
    if state.servers:
        return Path(state.servers)
    if account is None or account.can_execute(state.folder):
        return state.folder
    name = hashlib.sha256(str(state.folder).encode()).hexdigest()[:12]
    make_folder(STAGED)
    home = make_folder(STAGED / f"data-{name}")
    state.servers = str(home)
    state.save()
    return home
