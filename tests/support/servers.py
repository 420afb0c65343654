"""Servers of databases for tests: one that listens on the loopback alone, with data that is gone afterwards."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

PASSWORD = "s3cret-of-the-warehouse"  # noqa: S105 - of a server that lives as long as a test
_PATIENCE = 60


@dataclass(frozen=True)
class Server:
    """A server that runs.

    Args:
        port: where it listens on 127.0.0.1.
        folder: what it holds, and its socket.
    """

    port: int
    folder: Path


def postgres_programs():
    """Find the folder of PostgreSQL's programs; None where it is not installed."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    found = shutil.which("postgres") or next(iter(debian), None)
    return Path(found).resolve().parent if found else None


@contextlib.contextmanager
def postgres():
    """Run a PostgreSQL server whose user ``analyst`` has a password; its owner needs none on the socket."""
    programs = postgres_programs()
    with _folder("postgres") as (folder, user):
        data = folder / "data"
        _run(
            user,
            programs / "initdb",
            "-D",
            data,
            "-U",
            "owner",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "-N",
        )
        (data / "pg_hba.conf").write_text("local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n")
        port = _free_port()
        options = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder} -c fsync=off -c logging_collector=off"
        with _running(user, programs / "postgres", "-D", data, *options.split()):
            server = Server(port, folder)
            _wait(lambda: psql(server, "select 1"))
            psql(
                server,
                f"create role analyst login password '{PASSWORD}'; grant create on schema public to analyst",
            )
            yield server


def psql(server, sql, database="postgres", *, encoding="UTF8"):
    """Run SQL as the owner, and give what it prints."""
    where = ("-h", server.folder, "-p", str(server.port), "-U", "owner", database)
    return subprocess.run(
        [postgres_programs() / "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", *where],
        input=sql if isinstance(sql, bytes) else sql.encode(),
        capture_output=True,
        check=True,
        env=os.environ | {"PGCLIENTENCODING": encoding, "PGTZ": "UTC"},
    ).stdout


@contextlib.contextmanager
def mariadb():
    """Run a MariaDB server whose user ``analyst`` has a password."""
    with _folder("mysql") as (folder, user):
        data, port = folder / "data", _free_port()
        _run(
            user,
            shutil.which("mariadb-install-db"),
            "--no-defaults",
            f"--datadir={data}",
            "--skip-test-db",
            "--auth-root-authentication-method=normal",
        )
        options = (
            f"--datadir={data}",
            f"--port={port}",
            "--bind-address=127.0.0.1",
            f"--socket={folder}/socket",
        )
        with _running(user, shutil.which("mariadbd"), "--no-defaults", *options, f"--pid-file={folder}/pid"):
            server = Server(port, folder)
            _wait(lambda: mysql(server, "select 1"))
            mysql(server, f"create user analyst@'127.0.0.1' identified by '{PASSWORD}'")
            yield server


def mysql(server, sql):
    """Run SQL as the owner, and give what it prints."""
    where = ("--no-defaults", f"--socket={server.folder}/socket", "-u", "root")
    return subprocess.run(
        [shutil.which("mariadb"), *where, "-N", "-B", "--default-character-set=utf8mb4"],
        input=sql.encode(),
        capture_output=True,
        check=True,
    ).stdout


@contextlib.contextmanager
def _folder(user):
    """Give a folder of the user that a server runs as: who is root may not run one."""
    root = os.geteuid() == 0
    owner = pwd.getpwnam(user) if root else None
    with tempfile.TemporaryDirectory(
        prefix="linkage-server-", dir="/tmp"
    ) as name:  # a socket's name is short
        if owner:
            os.chown(name, owner.pw_uid, owner.pw_gid)
        yield Path(name), user if root else None


def _run(user, *command):
    subprocess.run([str(part) for part in command], user=user, cwd="/", check=True, capture_output=True)


@contextlib.contextmanager
def _running(user, *command):
    process = subprocess.Popen(
        [str(part) for part in command],
        user=user,
        cwd="/",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(attempt):
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            return attempt()
        except subprocess.CalledProcessError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
