"""Pages go out without the indentation of their templates; mails stay as they were written."""

import re
from pathlib import Path

from django.template import Origin, engines
from django.template.loader import get_template

from core.web.template_loader import Loader

INDENTED = re.compile(r"^[ \t]", re.MULTILINE)


def test_lines_begin_in_the_first_column_and_stay_lines():
    template = get_template("base.html").template
    written = Path(template.origin.name).read_text()
    assert INDENTED.search(written)
    assert not INDENTED.search(template.source)
    assert template.source.count("\n") == written.count("\n")


def test_a_mail_is_as_it_was_written(tmp_path):
    mail = tmp_path / "mail.txt"
    mail.write_text("Dear guest,\n  the keys are under the mat.\n")
    loader = Loader(engines["django"].engine)
    assert loader.get_contents(Origin(str(mail))) == mail.read_text()
