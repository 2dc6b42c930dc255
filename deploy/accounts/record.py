"""Report each step of `bin/setup-accounts`, and what it changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..commands import Call
from ..cli import Stop, say
from ..runner import Actor, refusal


@dataclass
class Record:
    """Prints each step, and counts those that changed something."""

    dry: bool = False
    changes: int = 0
    todo: list[str] = field(default_factory=list)

    def made(self, what: str) -> None:
        """Print that something was changed."""
        self.changes += 1
        say(f"  {'would make' if self.dry else 'made '}  {what}")

    def there(self, what: str) -> None:
        """Print that something was as it should be."""
        say(f"  there  {what}")

    def by_hand(self, what: str) -> None:
        """Print what no program can do; it is repeated at the end."""
        self.todo.append(what)
        say(f"  yours  {what}")


def find(actor: Actor, call: Call) -> Any:
    """Return what is there, or None where the server answers 404; Stop if it refuses otherwise.

    A dry run finds nothing, and so prints every call.
    """
    answer = actor.look(call)
    if actor.dry or answer.status == 404:
        return None
    if answer.status == 0:
        raise Stop(f"{call.target} got no answer: {answer.text}\n  Type the same again.")
    if answer.status != 200:
        raise refusal(call, answer)
    return answer.json
