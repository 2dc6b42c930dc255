"""bin/messages: catalogues (*/locale/*/LC_MESSAGES) in step with the words of code and templates.

Keeps what is translated, adds what is new, drops what is gone, and compiles. --check only looks,
and fails on what is out of step, untranslated, or says other things than its original.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
WORDS_FOR_NOBODY = {"tests", "management", "migrations", "sample", "release_phase", "old_data"}

# What is put into a text; Babel does not miss one that a translation leaves out.
VALUE = re.compile(r"%\(\w+\)[a-z]|\{\w*\}")


def sources(app: Path) -> Iterator[tuple[str, bytes]]:
    """Return the app's files that may have words for readers: their paths and their Python."""
    for path in sorted(app.rglob("*")):
        if WORDS_FOR_NOBODY.intersection(path.relative_to(app).parts):
            continue
        if path.suffix == ".py":
            yield str(path.relative_to(app.parent)), path.read_bytes()
        elif path.suffix in (".html", ".txt") and "templates" in path.parts:
            # Python's indentation has a meaning, a template's has none.
            python = re.sub(r"(?m)^[ \t]+", "", templatize(path.read_text()))
            yield str(path.relative_to(app.parent)), python.encode()


def found(app: Path, language: str) -> Catalog:
    """Return what the app says in that language, untranslated.

    The words of the code are English already. English are only those that we put in the place of
    a library's: *_messages.py.
    """
    catalogue = Catalog()
    for name, python in sources(app):
        if language == "en" and not name.endswith("_messages.py"):
            continue
        taken = extract("python", BytesIO(python), KEYWORDS, ["Translators:"])
        for _line, message, comments, context in taken:
            catalogue.add(message, None, [(name, 1)], auto_comments=comments, context=context)
    return catalogue


def updated(po: Path, app: Path) -> Catalog:
    """Return the app's catalogue, in step with its words; a new one is begun empty."""
    language = po.parts[-3]
    if po.exists():
        catalogue = read_po(BytesIO(po.read_bytes()), locale=language)
    else:
        catalogue = Catalog(
            locale=language,
            project="Orange County Lettings",
            version="1",
            msgid_bugs_address="the project's issues",
            last_translator="Orange County Lettings",
            language_team=language,
        )
        catalogue.header_comment = (
            f"# The words of {app.name}, in {catalogue.locale.english_name}."
        )
        catalogue.fuzzy = False
    catalogue.update(found(app, language), no_fuzzy_matching=True, update_creation_date=False)
    return catalogue


def faults(catalogue: Catalog) -> Iterator[str]:
    """Return the faults of a catalogue that a reader would notice."""
    for message in catalogue:
        if not message.id:
            continue
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        if not all(texts):
            yield f"not translated: {message.id!r}"
        elif message.fuzzy:
            yield f"marked fuzzy: {message.id!r}"
        else:
            yield from (f"{error}: {message.id!r}" for error in message.check(catalogue))
            original = message.id[-1] if message.pluralizable else message.id
            if set(VALUE.findall(texts[-1])) != set(VALUE.findall(original)):
                yield f"puts in other values than its original: {texts[-1]!r}"


def disagreements(catalogues: dict[str, Catalog]) -> Iterator[str]:
    """Return what two apps translate differently: Django would show one of them everywhere."""
    first: dict = {}
    for app, catalogue in catalogues.items():
        language = catalogue.locale
        for message in catalogue:
            if not message.id or not message.string:
                continue
            said, where = first.setdefault(
                (language, message.id, message.context), (message.string, app)
            )
            if said != message.string:
                yield f"{message.id!r}: {where} says {said!r}, {app} {message.string!r}"


def written(catalogue: Catalog) -> tuple[bytes, bytes]:
    """Return the texts of the .po and of the .mo file."""
    po, mo = BytesIO(), BytesIO()
    write_po(po, catalogue, width=0, include_lineno=False, ignore_obsolete=True)
    write_mo(mo, catalogue)
    return po.getvalue(), mo.getvalue()


def look(root: Path, *, only_check: bool) -> list[str]:
    """Update the catalogues of each app below ``root``, and return their faults.

    only_check: write nothing; what is out of step is wrong too.
    """
    wrong = []
    catalogues = {}
    for locale in sorted(root.glob("*/locale/*")):
        po = locale / "LC_MESSAGES/django.po"
        mo = po.with_suffix(".mo")
        name = str(po.relative_to(root))
        catalogue = catalogues[name] = updated(po, locale.parent.parent)
        if only_check:
            before = tuple(path.read_bytes() if path.exists() else b"" for path in (po, mo))
            if before != written(catalogue):
                wrong.append(f"{name}: out of step with the words; type: bin/messages")
        else:
            po.parent.mkdir(exist_ok=True)
            for path, text in zip((po, mo), written(catalogue), strict=True):
                path.write_bytes(text)
        wrong += [f"{name}: {fault}" for fault in faults(catalogue)]
    return [*wrong, *disagreements(catalogues)]


if __name__ == "__main__":
    found_wrong = look(ROOT, only_check="--check" in sys.argv[1:])
    for line in found_wrong:
        print(f"messages: {line}")
    sys.exit(1 if found_wrong else 0)
