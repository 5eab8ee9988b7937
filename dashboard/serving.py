"""Serving: one listening socket, a few processes on it, and a parent that keeps them alive.

Each process buffers: a thread sees a request when all of it is there, and is free again when its answer is written down.
So a client that sends or reads slowly costs a connection and no thread.
"""

from __future__ import annotations

import contextlib
import logging
import os
import select
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from typing import Any, NoReturn

from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer, create_server

from dashboard.config import UPLOAD_LIMIT, Config
from dashboard.errors import ConfigNotSafe

log = logging.getLogger("dashboard.serving")

THREADS = 4
CONNECTIONS = 2000
# A connection holds its socket and up to two files: what it has sent and what it has not taken yet.
FILES = 3 * CONNECTIONS + 500
# Seconds that requests under way have when the server ends, and that the parent then waits for its processes.
GRACE = 8
PATIENCE = GRACE + 4
# A process that ends sooner than this, in seconds, is not started again before it: no circle at full speed.
SHORTEST_LIFE = 1.0
# A little above the largest file, so that one a little too large is answered with our own sentence.
BODY = UPLOAD_LIMIT + 2**20
ENDS = (signal.SIGTERM, signal.SIGINT)


def listen(config: Config) -> list[socket.socket]:
    """Return the sockets of the address that is set, listening.

    Raises:
        ConfigNotSafe: there is no such address, or somebody else listens there.
    """
    host = config.host.removeprefix("[").removesuffix("]")
    opened: list[socket.socket] = []
    try:
        found = socket.getaddrinfo(host, config.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, kind, protocol, _, address in dict.fromkeys(found):
            listener = socket.socket(family, kind, protocol)
            opened.append(listener)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6 and len(found) > 1:
                # The other addresses are sockets of their own.
                listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            listener.bind(address)
            listener.listen(1024)
            listener.setblocking(False)
    except (OSError, OverflowError, UnicodeError) as error:
        for listener in opened:
            listener.close()
        said = error.strerror if isinstance(error, OSError) else "there is no such address"
        raise ConfigNotSafe(f"HOST {config.host} and PORT {config.port} cannot be listened on: {said}") from error
    return opened


def serve(application: Any, listeners: list[socket.socket], config: Config) -> None:
    """Answer requests in as many processes as are set, until SIGTERM or SIGINT; a process that dies is started again.

    The caller holds no open connection to the database: the processes would share it.
    """
    _allow_files()
    heard, tell = os.pipe()
    for end in (heard, tell):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(tell, warn_on_full_buffer=False)
    for number in (*ENDS, signal.SIGCHLD):
        signal.signal(number, _heard)
    # The processes read from this pipe and only the parent holds its other end: it closes when the parent dies, however it dies.
    alive, hold = os.pipe()

    def start() -> int:
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDS)
        if child := os.fork():
            signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDS)
            return child
        signal.set_wakeup_fd(-1)
        for end in (heard, tell, hold):
            os.close(end)
        _be_child(application, listeners, config, alive)

    children = _keep(start, config.workers, heard)
    for child in children:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGTERM)
    for listener in listeners:
        # For all processes at once, also one too busy to hear of its end: the next server can listen here.
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
    os.close(hold)
    _end(children, heard)


def _heard(*_: object) -> None:
    """Let the pipe of signals be written, which is all that a signal does here."""


def _keep(start: Callable[[], int], count: int, heard: int) -> set[int]:
    """Keep as many processes running until a signal says to end; return those that still run."""
    children: dict[int, float] = {}
    due = 0.0
    while not set(_signals(heard)) & set(ENDS):
        for child, code in _ended():
            if child in children:
                due = children.pop(child) + SHORTEST_LIFE
                log.error("a serving process ended (%s); another one starts", _said(code))
        missing, rest = len(children) < count, due - time.monotonic()
        if missing and rest <= 0:
            children[start()] = time.monotonic()
            continue
        select.select([heard], [], [], rest if missing else None)
    return set(children)


def _end(children: set[int], heard: int) -> None:
    """Wait for the processes to end, and kill those that do not: after a while, or when it is said a second time."""
    deadline = time.monotonic() + PATIENCE
    while children := children - {child for child, _ in _ended()}:
        rest = deadline - time.monotonic()
        ready, _, _ = select.select([heard], [], [], max(rest, 0))
        if not ready or set(_signals(heard)) & set(ENDS):
            for child in children:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(child, signal.SIGKILL)
            deadline = time.monotonic() + PATIENCE


def _signals(heard: int) -> bytes:
    with contextlib.suppress(BlockingIOError):
        return os.read(heard, 1024)
    return b""


def _ended() -> list[tuple[int, int]]:
    """Return the processes that have ended since it was asked last, and how."""
    found = []
    with contextlib.suppress(ChildProcessError):
        while True:
            child, status = os.waitpid(-1, os.WNOHANG)
            if not child:
                break
            found.append((child, os.waitstatus_to_exitcode(status)))
    return found


def _said(code: int) -> str:
    return f"exit {code}" if code >= 0 else signal.Signals(-code).name


def _be_child(application: Any, listeners: list[socket.socket], config: Config, alive: int) -> NoReturn:
    code = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        _answer(application, listeners, config, alive)
        code = 0
    except BaseException:
        log.exception("a serving process failed")
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _answer(application: Any, listeners: list[socket.socket], config: Config, alive: int) -> None:
    """Answer requests until told to end; those under way are answered first."""
    for name in ("waitress", "waitress.queue"):
        # A client that went away and a queue of two are no news.
        logging.getLogger(name).setLevel(logging.ERROR)
    channels: dict[int, Any] = {}
    create_server(application, map=channels, sockets=listeners, **adjustments(config))
    doors = [door for door in channels.values() if isinstance(door, BaseWSGIServer)]
    for door in doors:
        # Where the parent has closed the socket already, threads still tell this door that their answer is ready.
        door.handle_close = lambda: None
    ending = threading.Event()

    def end(*_: object) -> None:
        ending.set()
        doors[0].pull_trigger()

    for number in ENDS:
        signal.signal(number, end)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDS)
    threading.Thread(target=_follow, args=(alive,), daemon=True).start()
    while not ending.is_set():
        wasyncore.loop(timeout=1, use_poll=True, map=channels, count=1)
        make_room(channels, CONNECTIONS)
    for door in doors:
        door.del_channel()
        door.socket.close()
    deadline = time.monotonic() + GRACE
    while time.monotonic() < deadline and any(map(_busy, channels.values())):
        wasyncore.loop(timeout=0.1, use_poll=True, map=channels, count=1)


def _busy(channel: object) -> bool:
    return isinstance(channel, HTTPChannel) and bool(channel.requests or channel.total_outbufs_len)


def adjustments(config: Config) -> dict[str, Any]:
    """Return what waitress is set to."""
    return {
        "threads": THREADS,
        "connection_limit": CONNECTIONS,
        "channel_timeout": 60,
        "cleanup_interval": 10,
        "max_request_header_size": 2**16,
        "max_request_body_size": BODY,
        # More than this of a body, or of an answer that is not taken, waits in a file.
        "inbuf_overflow": 2**16,
        "outbuf_overflow": 2**18,
        # An answer is written down whole, however large: at this mark a thread would wait for its reader.
        "outbuf_high_watermark": 2**40,
        "log_socket_errors": False,
        "ident": None,
        "url_scheme": "https" if config.https else "http",
        # Where proxies are trusted the application itself counts them (ProxyFix); else nobody may say whose address it is.
        "clear_untrusted_proxy_headers": not config.trusted_proxies,
    }


def make_room(channels: dict[int, Any], most: int) -> None:
    """Close the oldest of those that are waited for where there are no places left: a new client is likelier to be one."""
    if len(channels) < most:
        return
    waited_for = [c for c in channels.values() if isinstance(c, HTTPChannel) and not c.requests]
    for channel in sorted(waited_for, key=lambda c: c.creation_time)[: most // 4]:
        channel.will_close = True


def _follow(alive: int) -> None:
    """End with the parent."""
    os.read(alive, 1)
    os.kill(os.getpid(), signal.SIGTERM)


def _allow_files() -> None:
    """Ask for as many open files as the connections may need."""
    import resource  # noqa: PLC0415 - not on every system, and nothing else needs it

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
