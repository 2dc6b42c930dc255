"""bin/messages: catalogues in step with the words, and complete."""

import gettext

import pytest

from tools import messages

CODE = """from django.utils.translation import gettext as _, ngettext
_("Sign in")
ngettext("%(n)d night", "%(n)d nights", 2)
"""
TEMPLATE = """{% load i18n %}
    <p>
      {% blocktranslate trimmed %}
        Write to {{ host }}
      {% endblocktranslate %}
  </p>
"""
FRENCH = {
    'msgid "Sign in"\nmsgstr ""': 'msgid "Sign in"\nmsgstr "Se connecter"',
    'msgstr[0] ""\nmsgstr[1] ""': 'msgstr[0] "%(n)d nuit"\nmsgstr[1] "%(n)d nuits"',
    '(host)s"\nmsgstr ""': '(host)s"\nmsgstr "Écrire à %(host)s"',
}


@pytest.fixture
def house(tmp_path):
    """An app with a few words, translated."""
    (tmp_path / "inn" / "templates").mkdir(parents=True)
    (tmp_path / "inn" / "tests").mkdir()
    (tmp_path / "inn" / "locale" / "fr").mkdir(parents=True)
    (tmp_path / "inn" / "views.py").write_text(CODE)
    (tmp_path / "inn" / "templates" / "inn.html").write_text(TEMPLATE)
    (tmp_path / "inn" / "tests" / "test_it.py").write_text('_("Words for nobody")\n')
    untranslated = messages.look(tmp_path, only_check=False)
    assert len(untranslated) == 3 and all("not translated" in line for line in untranslated)
    for before, after in FRENCH.items():
        edit(tmp_path, before, after)
    assert messages.look(tmp_path, only_check=False) == []
    return tmp_path


def po_of(house):
    return house / "inn" / "locale" / "fr" / "LC_MESSAGES" / "django.po"


def edit(house, before, after):
    text = po_of(house).read_text()
    assert before in text
    po_of(house).write_text(text.replace(before, after))


def test_what_is_compiled_is_what_was_written(house):
    with po_of(house).with_suffix(".mo").open("rb") as file:
        french = gettext.GNUTranslations(file)
    assert french.gettext("Sign in") == "Se connecter"
    assert french.ngettext("%(n)d night", "%(n)d nights", 0) == "%(n)d nuit"
    assert messages.look(house, only_check=True) == []


def test_a_new_word_is_missing_and_an_old_one_stays(house):
    (house / "inn" / "views.py").write_text(CODE + '_("Sign out")\n')
    (wrong,) = [line for line in messages.look(house, only_check=True) if "type:" in line]
    assert "out of step with the words; type: bin/messages" in wrong
    (wrong,) = messages.look(house, only_check=False)
    assert wrong.endswith("not translated: 'Sign out'")
    assert "Se connecter" in po_of(house).read_text()


def test_a_word_that_is_gone_goes(house):
    (house / "inn" / "views.py").write_text("")
    messages.look(house, only_check=False)
    assert "Se connecter" not in po_of(house).read_text()


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('msgstr "Se connecter"', 'msgstr ""', "not translated"),
        ('msgid "Sign in"', '#, fuzzy\nmsgid "Sign in"', "marked fuzzy"),
        ("à %(host)s", "à", "other values"),
        ("à %(host)s", "à %(hote)s", "other values"),
    ],
)
def test_what_a_reader_would_stumble_over(house, before, after, said):
    edit(house, before, after)
    wrong = messages.look(house, only_check=True)
    assert any(said in line for line in wrong), wrong


def test_two_apps_say_one_thing(house):
    other = house / "pub"
    (other / "locale" / "fr").mkdir(parents=True)
    (other / "views.py").write_text('_("Sign in")\n')
    messages.look(house, only_check=False)
    po = other / "locale" / "fr" / "LC_MESSAGES" / "django.po"
    po.write_text(po.read_text().replace('"Sign in"\nmsgstr ""', '"Sign in"\nmsgstr "Entrer"'))
    (wrong,) = messages.look(house, only_check=False)
    assert "says 'Se connecter'" in wrong and "'Entrer'" in wrong
