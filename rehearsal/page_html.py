"""The pipelines' pages as HTML, from what the runner wrote of them. Pure: nothing is read here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

Pipeline = Mapping[str, Any]
Stage = Mapping[str, Any]

UNFINISHED = {"waiting", "running", "on_hold"}
WORDS = {"on_hold": "waits for approval", "not_run": "not run", "waiting": "waits"}
REFRESH_SECONDS = 2
# Colours and cursor movements of a terminal: https://en.wikipedia.org/wiki/ANSI_escape_code
TERMINAL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def document(title: str, body: Iterable[str], refresh: bool) -> str:
    """Return a whole page; it loads itself again while something is still going on."""
    again = f'<meta http-equiv="refresh" content="{REFRESH_SECONDS}">' if refresh else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'{again}<title>{escape(title)}</title><link rel="stylesheet" href="/page.css"></head>'
        "<body>" + "\n".join(body) + "</body></html>\n"
    )


def index(pipelines: Sequence[Pipeline]) -> str:
    """Return the list of pipelines, the newest first."""
    body = ["<header><h1>Pipelines</h1>"]
    body += [
        '<p class="quiet">Of the rehearsal, by <code>.circleci/config.yml</code>.</p></header>'
    ]
    items = [_card(each) for each in sorted(pipelines, key=lambda p: -p["number"])]
    body += ['<ul class="pipelines">', *items, "</ul>"]
    if not items:
        body += ["<p>None yet: nothing has been pushed.</p>"]
    # A push may come at any time.
    return document("Pipelines", body, refresh=True)


def pipeline(shown: Pipeline) -> str:
    """Return one pipeline: its stages from left to right, by what they require."""
    title = f"#{shown['number']} {shown['subject']}"
    body = ['<header><a href="/">Pipelines</a>', f"<h1>{escape(title)}</h1>"]
    body += [f'<p class="quiet">{state(shown["state"])} · {_facts(shown)}</p></header>']
    body += ['<main class="way">']
    for column in columns(shown["stages"]):
        cards = (_stage(shown["number"], each) for each in column)
        body += ['<section class="step">', *cards, "</section>"]
    body += ["</main>"]
    return document(title, body, refresh=shown["state"] in UNFINISHED)


def log(shown: Pipeline, name: str, text: str) -> str:
    """Return a job's log on one of its parallel nodes."""
    stage = next((each for each in shown["stages"] if name in each["logs"]), {"state": "waiting"})
    title = f"{name.removesuffix('.log')} of #{shown['number']}"
    back = f'<a href="/{shown["number"]}">#{shown["number"]} {escape(shown["subject"])}</a>'
    body = [f'<header><a href="/">Pipelines</a> › {back}<h1>{escape(title)}</h1>']
    body += [f'<p class="quiet">{state(stage["state"])}</p></header>']
    body += [f'<pre class="card log">{_lines(text)}</pre>']
    return document(title, body, refresh=stage["state"] in UNFINISHED)


def state(name: str) -> str:
    """Return a state as a word with its sign.

    >>> state("on_hold")
    '<span class="state on_hold">waits for approval</span>'
    """
    return f'<span class="state {escape(name)}">{escape(WORDS.get(name, name))}</span>'


def columns(stages: Sequence[Stage]) -> list[list[Stage]]:
    """Return the stages by how many must come before them, one after the other."""
    by_name = {stage["name"]: stage for stage in stages}

    def depth(stage: Stage) -> int:
        before = (by_name[name] for name in stage["requires"] if name in by_name)
        return 1 + max(map(depth, before), default=-1)

    found: list[list[Stage]] = []
    for stage in sorted(stages, key=depth):
        while len(found) <= depth(stage):
            found.append([])
        found[depth(stage)].append(stage)
    return found


def duration(seconds: float) -> str:
    """Return seconds for a reader.

    >>> duration(4.26), duration(75)
    ('4.3 s', '1 min 15 s')
    """
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{int(seconds) // 60} min {int(seconds) % 60} s"


def _card(shown: Pipeline) -> str:
    link = f'<a href="/{shown["number"]}">#{shown["number"]} {escape(shown["subject"])}</a>'
    return (
        f'<li class="card">{state(shown["state"])}<div>{link}'
        f'<div class="quiet">{_facts(shown)}</div></div>'
        f'<span class="quiet">{escape(shown["workflow"])}</span></li>'
    )


def _facts(shown: Pipeline) -> str:
    began = escape(shown["began"].partition("T")[2][:8])
    return (
        f"<code>{escape(shown['branch'])}</code> at <code>{escape(shown['commit'][:10])}</code>"
        f" · began {began} · {duration(shown['seconds'])}"
    )


def _stage(number: int, shown: Stage) -> str:
    logs = shown["logs"]
    named = ["log"] if len(logs) == 1 else [f"log {place}" for place in range(len(logs))]
    links = "".join(
        f'<a href="/{number}/{escape(name)}">{word}</a>'
        for name, word in zip(logs, named, strict=True)
    )
    chips = [f"secrets: {name}" for name in shown["contexts"]]
    chips += [f"beside it: {name}" for name in shown["services"]]
    chip_list = "".join(f'<span class="chip">{escape(word)}</span>' for word in chips)
    took = f" · {duration(shown['seconds'])}" if shown["seconds"] else ""
    return (
        f'<article class="card edge-{escape(shown["state"])}"><h2>{escape(shown["name"])}</h2>'
        f"<p>{state(shown['state'])}{took}</p><p>{links}</p>{chip_list}</article>"
    )


def _lines(text: str) -> str:
    lines = escape(TERMINAL.sub("", text)).splitlines()
    marked = (
        f'<span class="command">{line}</span>' if line.startswith(("$ ", "+ ", "== ")) else line
        for line in lines
    )
    return "\n".join(marked) or "Nothing yet."
