"""format=flowed, by the rules and examples of RFC 3676."""

import pytest

from enquiries.by_mail.flowed import joined


@pytest.mark.parametrize(
    ("text", "flowed"),
    [
        # 4.2: a line that ends in a space goes on.
        ("Yes, you can \nhave it.\nBob", "Yes, you can have it.\nBob"),
        ("One \ntwo \nthree", "One two three"),
        # 4.2: a paragraph ends with a fixed line, which may be empty.
        ("One \n\nTwo", "One \n\nTwo"),
        ("One  \n two", "One  two"),
        # 4.3: the line above a signature is none of a paragraph, whatever it ends with.
        ("Yes. \n-- \nBob", "Yes. \n-- \nBob"),
        ("> Yes. \n> -- \n> Bob", "> Yes. \n> -- \n> Bob"),
        # 4.4: a space in front is stuffing.
        (" From here\n  two spaces\n > no quote", "From here\n two spaces\n> no quote"),
        # 4.5: a paragraph has one depth.
        ("> Is it \n> free?\nYes", "> Is it free?\nYes"),
        (">> Deep \n> less \n> deep", ">> Deep \n> less deep"),
        (">>>Is it \n>>>free?", ">>> Is it free?"),
        ("> Asked \nAnswer", "> Asked \nAnswer"),
        ("", ""),
        (" ", ""),
        ("last ", "last "),
    ],
)
def test_paragraphs(text, flowed):
    assert joined(text, delsp=False) == flowed


@pytest.mark.parametrize(
    ("text", "flowed"),
    [
        # 4.1: the space of the break is no part of the text; another before it is.
        ("日本 \n語。", "日本語。"),
        ("Yes,  \nyou", "Yes, you"),
        ("https://example.org/ \nlong", "https://example.org/long"),
        ("-- \nBob", "-- \nBob"),
    ],
)
def test_the_space_of_a_break_is_dropped(text, flowed):
    assert joined(text, delsp=True) == flowed


def test_a_mail_of_a_megabyte():
    assert joined("word \n" * 100_000, delsp=True) == f"{'word' * 100_000}\n"
