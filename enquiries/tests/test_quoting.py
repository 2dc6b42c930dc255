"""What a person wrote, without what their mail program quotes."""

import pytest

from enquiries.by_mail.html_text import to_text
from enquiries.by_mail.quoting import written

MARK = "##- Write your answer above this line -##"
QUOTE = f"> {MARK}\n>\n> Ann asks for Oceanview Retreat:\n> http://testserver/enquiries/1/\n"
PLAIN = f"{MARK}\n\nAnn asks for Oceanview Retreat:\nhttp://testserver/enquiries/1/\n"
HEADS = (
    "From: Orange County Lettings <lettings@example.org>\nSent: Saturday, November 21, 2026"
    "\nTo: Bob <bob@example.org>\nSubject: New enquiry: Oceanview Retreat\n\n"
)
TETES = (
    "De\u00a0: Orange County Lettings <lettings@example.org>\nEnvoyé\u00a0: samedi 21 novembre"
    "\nÀ\u00a0: bob@example.org\nObjet\u00a0: Nouvelle demande\u00a0: Oceanview Retreat\n\n"
)
RULE = "________________________________\n"
CAUTION = "CAUTION: This email originated from outside of the organization.\n\n"
RARE = "[You don't often get email from lettings@example.org. Learn why this is important]\n"
ABOVE = {
    "Gmail": "On Sat, Nov 21, 2026 at 8:35 PM Orange County Lettings <lettings@example.org>\n"
    f"wrote:\n\n{QUOTE}",
    "Gmail, French": "Le sam. 21 nov. 2026 à 20:35, Orange County Lettings <\n"
    f"lettings@example.org> a écrit\u00a0:\n\n{QUOTE}",
    "Gmail, French, wrapped late": "Le sam. 21 nov. 2026 à 20:35, Orange County <o@example.org> a"
    f"\nécrit :\n\n{QUOTE}",
    "Outlook on the web": f"{RULE}{HEADS}{PLAIN}",
    "Outlook": f"{HEADS}{PLAIN}",
    "Outlook, French": f"{TETES}{PLAIN}",
    "Outlook, older, French": f"-----Message d'origine-----\n{TETES}{PLAIN}",
    "Outlook, with a warning": f"{HEADS}{CAUTION}{PLAIN}",
    "Outlook on the web, French, with two": f"{RULE}{TETES}{CAUTION}{RARE}{PLAIN}",
    "Thunderbird, with a warning": f"On 21/11/2026 20:35, Orange wrote:\n> {RARE}>\n{QUOTE}",
    "Thunderbird, with heads": f"{HEADS}{QUOTE}",
    "Samsung, quoting": f"-------- Original message --------\nFrom: Orange\nTo: Bob\n\n{QUOTE}",
    "Apple Mail": f"> On 21 Nov 2026, at 20:35, Orange <o@example.org> wrote:\n> \n{QUOTE}",
    "Apple Mail, French": f"> Le 21 nov. 2026 à 20:35, Orange <o@e.org> a écrit :\n> \n{QUOTE}",
    "Thunderbird, French": f"Le 21/11/2026 à 20:35, Orange a écrit :\n{QUOTE}",
    "Yahoo": f"    On Saturday, November 21, 2026, Orange <o@e.org> wrote:  \n \n {PLAIN}",
    "a language of which we know nothing": f"Am Sa., 21. Nov. 2026 schrieb Orange:\n\n{QUOTE}",
    "no introduction": QUOTE,
}


@pytest.mark.parametrize("quote", ABOVE.values(), ids=ABOVE)
@pytest.mark.parametrize("gap", ["\n\n", "\n", "\r\n\r\n"], ids=["gap", "none", "network"])
def test_above_the_quote(quote, gap):
    assert written(f"Yes, it is.{gap}{quote}") == "Yes, it is."


def test_below_a_quote_and_in_between():
    lines = QUOTE.split("\n")
    answer = [
        "On 21/11/2026, Orange wrote:",
        *lines[:2],
        "Yes.",
        *lines[2:],
        "Come.",
        "-- ",
        "Bob",
    ]
    assert written("\n".join(answer)) == "Yes.\n\nCome."


def test_a_signature():
    assert written(f"Yes.\n\n-- \nBob\n+1 555 0100\n\nOn 21/11/2026 X wrote:\n{QUOTE}") == "Yes."
    assert written("Yes.\n--\nBob\n") == written("Yes.\n--\n") == "Yes."


@pytest.mark.parametrize("text", ["Hello,\n\n--\n\nYes, come.", "Hello,\n--\nYes."])
@pytest.mark.parametrize("end", ["\n\n-- \nBob", "\n--\nBob\n"])
def test_lines_that_divide_a_persons_words(text, end):
    assert written(f"{text}{end}") == text


@pytest.mark.parametrize(
    "text",
    [
        "Dear Ann,\n\nit is free. Price: 99\nDogs: yes\n\nFrom: the station near.\nTo: us.",
        "> Is it free?\nYes.",
        "Merci. Le 21 novembre il a écrit :\nbonne idée.",
    ],
)
def test_without_a_quoted_mail_all_of_it_is_theirs(text):
    assert written(text) == text


def test_what_ends_like_an_introduction_but_is_none():
    assert written(f"These are free:\n\n{QUOTE}") == "These are free:"


@pytest.mark.parametrize(
    "text", ["Keys: in the box\nWifi: ocean", "Bob: 555 0100\nMail: b@e.org", "In 2026 these go:"]
)
@pytest.mark.parametrize(
    "quote",
    [
        f"\n\n{ABOVE['Apple Mail']}",
        f"\n\n{ABOVE['Apple Mail, French']}",
        f"\n{ABOVE['Thunderbird, French']}",
        f"\n\n{ABOVE['Outlook, with a warning']}",
    ],
    ids=["Apple Mail", "Apple Mail, French", "Thunderbird", "Outlook"],
)
def test_what_looks_like_heads_but_is_a_persons(text, quote):
    assert written(f"Yes.\n\n{text}{quote}") == f"Yes.\n\n{text}"


@pytest.mark.parametrize(
    "html",
    [
        # Gmail
        "<div dir='ltr'>Oui&nbsp;!<div><br></div><div>C&#8217;est <b>libre</b>.</div></div><br>"
        "<div class='gmail_quote'><div>Le sam. 21 nov. 2026, OC &lt;<a href='#'>a@b</a>&gt; a "
        f"écrit&nbsp;:<br></div><blockquote>{MARK}<br><br>Ann<br></blockquote></div>",
        # Outlook
        "<html><head><style>p {margin: 0}</style><title>x</title></head><body><p>Oui&nbsp;!</p>"
        "<!--[if mso]><style>v</style><![endif]--><p>C’est\r\n libre.<o:p></o:p></p><hr><p>"
        "<b>From:</b> OC &lt;a@b&gt;<br><b>Sent:</b> Saturday<br><b>To:</b> h@e</p>"
        f"<p>{MARK}</p><p>http://testserver/</p>",
    ],
)
def test_a_page(html):
    assert written(to_text(html)[0]) == "Oui\u00a0!\n\nC’est libre."
