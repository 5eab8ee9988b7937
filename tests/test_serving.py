"""The server as a process, as at home and as the Procfile starts it: slow clients, killed processes, its end, its limits."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import requests
from waitress.channel import HTTPChannel

from dashboard import serving
from dashboard.config import UPLOAD_LIMIT, Config
from dashboard.errors import ConfigNotSafe
from tests.test_procfile import honcho
from tests.test_start import PATIENCE, ROOT, free_port

SLOW = 64
HEAD = b"GET /health HTTP/1.1\r\nHost: x\r\nX-Half: "
BODY = b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 900\r\n\r\ncsrf_token="
CHUNKED = b"POST /sign-in HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n20\r\nhalf"
# Its answer is asked for and never read.
DEAF = b"GET /assets/vendor/plotly-finance.min.js HTTP/1.1\r\nHost: x\r\n\r\n"


@dataclass
class Served:
    """A server that runs: its address, its parent process and what it wrote."""

    port: int
    parent: int
    log: Path

    def health(self) -> bool:
        """Ask on a new connection."""
        return bool(requests.get(f"http://127.0.0.1:{self.port}/health", timeout=PATIENCE).json() == {"status": "ok"})

    def children(self) -> set[int]:
        """Return its serving processes."""
        return below(self.parent)

    def connect(self, data: bytes) -> socket.socket:
        """Open a connection, send this and nothing more."""
        opened = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        opened.sendall(data)
        return opened


def below(parent: int) -> set[int]:
    """Return a process's children."""
    return {int(pid) for pid in subprocess.run(["pgrep", "-P", str(parent)], capture_output=True, text=True, check=False).stdout.split()}


def keeper(root: int, processes: int) -> int | None:
    """Return the one at or below a process whose children are this many serving processes, or None until they are."""
    children = below(root)
    grandchildren = [keeper(child, processes) for child in children]
    return next(filter(None, grandchildren), root if len(children) == processes else None)


def runs(pid: int) -> bool:
    """Say whether a process is there, dead ones that nobody has asked after aside."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def until(there: Callable[[], Any], what: str) -> Any:
    """Ask until it is so."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with suppress(requests.RequestException, OSError):
            if found := there():
                return found
    pytest.fail(what)


@contextmanager
def served(url: str, folder: Path, *, processes: int, by: str = "home", **settings: str) -> Iterator[Served]:
    """Start the server, as at home or by the Procfile's own line."""
    port, log = free_port(), folder / "served.log"
    env = {k: v for k, v in os.environ.items() if k not in ("WEB_CONCURRENCY", "HOST")} | {
        "DATABASE_URL": url,
        "SECRET_KEY": "9f" * 32,
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
    }
    if by == "home":
        env["WEB_CONCURRENCY"] = str(processes)
    command = [sys.executable, "app.py"] if by == "home" else honcho("start", "web")
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=env | settings, stdout=out, stderr=subprocess.STDOUT, start_new_session=True)
    try:
        server = Served(port, process.pid, log)
        until(server.health, "it never answered")
        # honcho and the shell stand before it; and the first process may answer while another one still starts.
        server.parent = until(lambda: keeper(process.pid, processes), "its processes never were so many")
        yield server
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(timeout=PATIENCE)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


@pytest.mark.parametrize(("by", "processes"), [("home", 1), ("procfile", 2)])
def test_clients_that_send_or_read_slowly_cost_only_themselves(
    new_database: Callable[..., str], tmp_path: Path, by: str, processes: int
) -> None:
    with served(new_database("sqlite"), tmp_path, processes=processes, by=by) as server, ExitStack() as held:
        for data in (HEAD, BODY, CHUNKED, DEAF, b"") * (SLOW // 4):
            held.enter_context(server.connect(data))
        assert all(server.health() for _ in range(20))
        last = held.enter_context(server.connect(HEAD))
        assert requests.get(f"http://127.0.0.1:{server.port}/sign-in", timeout=PATIENCE).status_code == 200
        # The slow are answered, too, when they have said what they want.
        last.sendall(b"x\r\nConnection: close\r\n\r\n")
        assert last.recv(100).startswith(b"HTTP/1.1 200")
    assert "Traceback" not in server.log.read_text()


def test_a_killed_process_is_followed_by_another_and_the_rest_go_on(new_database: Callable[..., str], tmp_path: Path) -> None:
    with served(new_database("sqlite"), tmp_path, processes=2) as server:
        first = server.children()
        for victim in first:
            os.kill(victim, signal.SIGKILL)
            until(lambda victim=victim: victim not in server.children() and len(server.children()) == 2, "no other one started")
            assert server.health()
        assert not server.children() & first
    assert server.log.read_text().count("SIGKILL") == 2


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_end_it_answers_what_is_under_way_and_no_process_stays(
    new_database: Callable[..., str], tmp_path: Path, number: signal.Signals
) -> None:
    with served(new_database("sqlite"), tmp_path, processes=2) as server, ExitStack() as held:
        for data in (HEAD, BODY) * 4:
            held.enter_context(server.connect(data))
        family = {server.parent, *server.children()}
        asked = held.enter_context(server.connect(DEAF))
        assert asked.recv(12) == b"HTTP/1.1 200"
        os.kill(server.parent, number)
        taken = b""
        while more := asked.recv(2**16):
            taken += more
        assert len(taken) > 500_000, "the answer came whole"
        until(lambda: not any(map(runs, family)), "a process stayed")
        with pytest.raises(requests.ConnectionError):
            server.health()
    assert "Traceback" not in server.log.read_text()


def test_told_to_end_it_leaves_its_address_at_once_even_where_a_process_is_too_busy_to_hear(
    new_database: Callable[..., str], tmp_path: Path
) -> None:
    with served(new_database("sqlite"), tmp_path, processes=2) as server, ExitStack() as held:
        for data in (HEAD, BODY, DEAF) * 4:
            held.enter_context(server.connect(data))
        family = {server.parent, *server.children()}
        for child in server.children():
            os.kill(child, signal.SIGSTOP)
        os.kill(server.parent, signal.SIGTERM)

        def listened() -> list[socket.socket]:
            with suppress(ConfigNotSafe):
                return serving.listen(config(port=server.port))
            return []

        for listener in until(listened, "the address was still taken"):
            listener.close()
        assert all(map(runs, family)), "they hold it no more, and have not ended"
        os.kill(server.parent, signal.SIGTERM)
        until(lambda: not any(map(runs, family)), "a process stayed")
    assert "Traceback" not in server.log.read_text()


def test_the_processes_do_not_outlive_a_parent_that_is_killed(new_database: Callable[..., str], tmp_path: Path) -> None:
    with served(new_database("sqlite"), tmp_path, processes=2) as server:
        family = server.children()
        os.kill(server.parent, signal.SIGKILL)
        until(lambda: not any(map(runs, family)), "a process stayed")


def test_what_is_too_large_is_refused_and_nothing_says_what_serves(new_database: Callable[..., str], tmp_path: Path) -> None:
    with served(new_database("sqlite"), tmp_path, processes=1) as server:
        address = f"http://127.0.0.1:{server.port}"
        with server.connect(b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % (serving.BODY + 1)) as body:
            assert b" 413 " in body.recv(20)
        with server.connect(b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 2**17) as head:
            assert b" 431 " in head.recv(20)
        with server.connect(b"POST /sign-in HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n") as chunked:
            chunked.sendall(b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in [b"a=" + b"b" * 50_000] * 40) + b"0\r\n\r\n")
            assert b" 413 " in chunked.recv(20), "the application's own limit, on a body that announced no length"
        answer = requests.head(address + "/sign-in", timeout=PATIENCE)
        assert (answer.status_code, answer.content) == (200, b"")
        assert "Server" not in answer.headers


@pytest.mark.parametrize(("proxies", "secure"), [("0", False), ("1", True)])
def test_what_a_proxy_says_counts_where_proxies_are_trusted(
    new_database: Callable[..., str], tmp_path: Path, proxies: str, secure: bool
) -> None:
    with served(new_database("sqlite"), tmp_path, processes=1, TRUSTED_PROXIES=proxies) as server:
        # The page of origin is compared with the address that the request came to.
        said = {"Origin": "https://money.example", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "money.example"}
        answer = requests.post(f"http://127.0.0.1:{server.port}/sign-in", headers=said, data={}, timeout=PATIENCE)
        assert (answer.status_code != 403) is secure


def config(**settings: Any) -> Config:
    return Config("sqlite://", "k" * 40, **settings)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "[::1]", "localhost", "0.0.0.0", "::"])  # noqa: S104 - as the Procfile does
def test_it_listens_where_it_is_set_to(host: str) -> None:
    if ":" in host and not socket.has_ipv6:
        pytest.skip("no IPv6 here")
    port = free_port()
    try:
        listeners = serving.listen(config(host=host, port=port))
    except ConfigNotSafe as refused:
        if ":" in host and "assign" in refused.message:
            pytest.skip("no IPv6 here")
        raise
    try:
        assert all(listener.getsockname()[1] == port for listener in listeners)
        assert not any(listener.getblocking() for listener in listeners)
    finally:
        for listener in listeners:
            listener.close()


@pytest.mark.parametrize("host", ["no.such.host.invalid", "1.2.3.4", "x" * 300])
def test_an_address_that_is_not_ours_is_refused_in_one_line(host: str) -> None:
    with pytest.raises(ConfigNotSafe, match=r"HOST .* PORT") as refused:
        serving.listen(config(host=host, port=free_port()))
    assert "\n" not in refused.value.message


def test_a_port_that_is_taken_is_refused_in_one_line(new_database: Callable[..., str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        env = os.environ | {"DATABASE_URL": new_database("sqlite"), "HOST": "127.0.0.1", "PORT": str(taken.getsockname()[1])}
        run = subprocess.run([sys.executable, "app.py"], cwd=ROOT, env=env, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr.startswith("dashboard: HOST 127.0.0.1 and PORT")
    assert run.stderr.count("\n") == 1


def test_the_limits_agree_with_those_of_the_application() -> None:
    set_to = serving.adjustments(config())
    assert set_to["max_request_body_size"] > UPLOAD_LIMIT + 2**14
    assert set_to["connection_limit"] >= 500
    assert serving.adjustments(config(https=True))["url_scheme"] == "https"


def test_where_no_place_is_left_the_oldest_that_is_waited_for_makes_room() -> None:
    def channel(created: float, *waiting: str) -> HTTPChannel:
        made = HTTPChannel.__new__(HTTPChannel)
        made.creation_time, made.requests, made.will_close = created, list(waiting), False
        return made

    channels: dict[int, Any] = {n: channel(100 - n) for n in range(8)} | {8: channel(0, "a request under way"), 9: SimpleNamespace()}
    serving.make_room(channels, 11)
    assert not any(getattr(c, "will_close", False) for c in channels.values()), "there was room"
    serving.make_room(channels, 10)
    assert {n for n, c in channels.items() if getattr(c, "will_close", False)} == {6, 7}
