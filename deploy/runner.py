"""Run calls and commands, with retries and time limits; or only print them (``DryRun``)."""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import urllib3

from .commands import Call, Command, Copy, Found, Inspect, Secret
from .cli import Stop, need, say
from .registry import transfer

# A connection that fails is tried again for any request; a request that may have arrived only if
# repeating it is harmless. 429 and 5xx of the platform pass; waits are 0, 1, 2, 4 s.
RETRIES = urllib3.Retry(
    total=4,
    backoff_factor=0.5,
    status_forcelist={429, 502, 503, 504},
    allowed_methods={"GET", "HEAD"},
    raise_on_status=False,
)
TIMEOUT = urllib3.Timeout(connect=10, read=60)

T = TypeVar("T")


@dataclass(frozen=True)
class Answer:
    """An HTTP answer: status, text, and what the text says if it is JSON."""

    status: int
    text: str
    seconds: float = 0.0

    @property
    def json(self) -> Any:
        """Return the decoded body; None if it is not JSON."""
        try:
            return json.loads(self.text)
        except ValueError:
            return None


class CommandFailed(Stop):
    """A program ended with an error; ``output`` is what it said."""

    def __init__(self, command: Command, output: str):
        self.output = output
        last = output.strip().splitlines()[-1] if output.strip() else "it said nothing"
        super().__init__(f"'{command}' failed: {last}")


class Actor(Protocol):
    """Runs calls and commands."""

    dry: bool

    def ask(self, call: Call) -> Any: ...
    def look(self, call: Call) -> Answer: ...
    def show(self, call: Call) -> int: ...
    def run(self, command: Command) -> str: ...
    def inspect(self, order: Inspect) -> Found: ...
    def copy(self, order: Copy) -> int: ...
    def until(self, what: str, check: Callable[[], T], seconds: float, every: float) -> T: ...


def headers_of(call: Call) -> dict[str, str]:
    """Return the headers to send, the secret included."""
    headers = {"User-Agent": "oc-lettings-deploy"}
    headers |= {k: v.reveal() if isinstance(v, Secret) else v for k, v in call.headers.items()}
    if call.body is not None:
        headers["Content-Type"] = "application/json"
    if call.token and call.user is not None:
        secret = f"{call.user}:{os.environ.get(call.token, '')}"
        headers |= urllib3.make_headers(basic_auth=secret)
    elif call.token:
        headers["Authorization"] = f"Bearer {os.environ.get(call.token, '')}"
    return headers


class Real:
    """Runs them on the network and on this machine."""

    dry = False

    def __init__(self, retries: urllib3.Retry = RETRIES) -> None:
        self.http = urllib3.PoolManager(timeout=TIMEOUT, retries=retries)

    def ask(self, call: Call) -> Any:
        """Return the JSON answer; raise Stop if the network fails or the server refuses."""
        try:
            response = self._request(call)
        except urllib3.exceptions.HTTPError as error:
            raise Stop(
                f"{call.target} got no answer: {reason(error)}\n"
                "  Nothing more was done. When the network is back, type the same again: "
                "every step can be repeated."
            ) from None
        answer = Answer(response.status, response.data.decode(errors="replace"))
        if answer.status >= 400:
            raise refusal(call, answer)
        return answer.json

    def look(self, call: Call) -> Answer:
        """Return the answer as it is, an error page too; status 0 when there is none."""
        start = time.monotonic()
        try:
            response = self._request(call, retries=False, timeout=10)
        except urllib3.exceptions.HTTPError as error:
            return Answer(0, reason(error), time.monotonic() - start)
        text = response.data.decode(errors="replace")
        return Answer(response.status, text, time.monotonic() - start)

    def show(self, call: Call) -> int:
        """Print a stream as it comes; return its length in characters. A broken one just ends."""
        shown = 0
        try:
            response = self._request(call, preload_content=False, timeout=900)
            if response.status == 200:
                for chunk in response.stream(1024, decode_content=True):
                    say(chunk.decode(errors="replace"), end="")
                    shown += len(chunk)
        except urllib3.exceptions.HTTPError as error:
            say(f"(the output broke off: {reason(error)})")
        return shown

    def run(self, command: Command) -> str:
        """Return the output of a program, shown as it comes; raise CommandFailed when it fails."""
        code, output = self._run_once(command)
        if code:
            raise CommandFailed(command, output)
        return output

    def inspect(self, order: Inspect) -> Found:
        """Return what an image is; raise registry.client.Refused when its registry refuses."""
        return transfer.inspect(self.http, order)

    def copy(self, order: Copy) -> int:
        """Copy an image; return the bytes sent, or raise registry.client.Refused."""
        return transfer.copy(self.http, order)

    def until(self, what: str, check: Callable[[], T], seconds: float, every: float) -> T:
        """Ask until the answer is true or the time is over; return the last answer."""
        end = time.monotonic() + seconds
        while True:
            answer = check()
            if answer or time.monotonic() > end:
                return answer
            time.sleep(every)

    def _request(self, call: Call, **options: Any) -> urllib3.BaseHTTPResponse:
        return self.http.request(
            call.method,
            call.url,
            headers=headers_of(call),
            redirect=False,
            **({} if call.body is None else {"body": call.written()}),
            **options,
        )

    def _run_once(self, command: Command) -> tuple[int, str]:
        try:
            process = subprocess.Popen(
                command.argv,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
        except FileNotFoundError:
            raise Stop(f"there is no program '{command.argv[0]}' here; install it.") from None
        with process:
            process.stdin.write(os.environ.get(command.secret, "") if command.secret else "")
            process.stdin.close()
            lines = []
            for line in process.stdout:
                lines.append(line)
                if not command.quiet:
                    say("  " + line, end="")
        return process.returncode, "".join(lines)


class DryRun:
    """Prints every call and command in order, changes nothing, and assumes success."""

    dry = True

    def ask(self, call: Call) -> Any:
        """Print the call; return its example."""
        say(f"  {call}")
        return call.example

    def look(self, call: Call) -> Answer:
        """Print the call; return its example."""
        say(f"  {call}")
        return Answer(200, json.dumps(call.example))

    def show(self, call: Call) -> int:
        """Print the call."""
        say(f"  {call}")
        return 1

    def run(self, command: Command) -> str:
        """Print the command; return its example."""
        say(f"  {command}")
        return command.example

    def inspect(self, order: Inspect) -> Found:
        """Print the look; return its example."""
        say(f"  {order}")
        return order.example

    def copy(self, order: Copy) -> int:
        """Print the copy."""
        say(f"  {order}")
        return 0

    def until(self, what: str, check: Callable[[], T], seconds: float, every: float) -> T:
        """Print the condition and the time limit."""
        say(f"  wait until {what}, at most {seconds:.0f} s:")
        return check()


def actor(dry: bool, *secrets: tuple[str, str, str]) -> Actor:
    """Return the runner; a real one needs the secrets (name, why, how)."""
    if dry:
        return DryRun()
    for secret in secrets:
        need(*secret)
    return Real()


def reason(error: Exception) -> str:
    """Return the innermost words of a network error, without addresses of objects."""
    words = str(getattr(error, "reason", None) or error)
    return re.sub(r"^<[^>]*>: |^[\w.]+\(.*?\): ", "", words)


def refusal(call: Call, answer: Answer) -> Stop:
    """Return the Stop for an answer of 400 or above."""
    body = answer.json if isinstance(answer.json, dict) else {}
    words = str(body.get("message") or body.get("detail") or answer.text.strip()[:200])
    for secret in call.secrets:
        value = secret.reveal()
        for form in filter(
            None, (value, json.dumps(value)[1:-1], value.removeprefix(secret.before))
        ):
            words = words.replace(form, str(secret))
    way = {
        401: f"The server does not accept ${call.credential}: make a new one (docs/delivery.md).",
        403: f"${call.credential} may not do this: it needs more rights (docs/delivery.md).",
        404: call.missing,
    }.get(answer.status, "")
    return Stop(
        f"{call.target} was answered {answer.status}: {words}" + (f"\n  {way}" if way else "")
    )
