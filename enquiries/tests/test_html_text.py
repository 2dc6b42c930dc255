"""HTML of mail programs as text; quoted lines begin with >."""

from time import process_time

import pytest

from enquiries.by_mail.html_text import LONGEST, to_text
from enquiries.by_mail.quoting import written

MARK = "##- Write your answer above this line -##"
QUOTE = f"{MARK}<br><br>Ann asks:<br>http://testserver/enquiries/1/"
WROTE = (
    "On Sat, Nov 21, 2026 at 8:35 PM Orange &lt;<a href='mailto:o@e.org'>o@e.org</a>&gt; wrote:"
)
HEADS = (
    "<b>From:</b> Orange &lt;o@e.org&gt;<br><b>Sent:</b> Saturday, 21 November 2026<br>"
    "<b>To:</b> b@e.org<br><b>Subject:</b> New enquiry<br>"
)
YES = "Yes &amp; welcome!"
# As each program writes "Yes & welcome!", a blank line and "Bob" above the quote.
PROGRAMS = {
    "Gmail": f"<div dir='ltr'><div>{YES}</div><div><br></div><div>Bob</div></div><br>"
    f"<div class='gmail_quote gmail_quote_container'><div dir='ltr' class='gmail_attr'>{WROTE}<br>"
    f"</div><blockquote class='gmail_quote' style='margin:0px'>{QUOTE}</blockquote></div>",
    "Gmail on a phone": f"<div dir='auto'>{YES}<div dir='auto'><br></div><div dir='auto'>Bob</div>"
    f"</div><br><div class='gmail_quote'><div dir='ltr' class='gmail_attr'>{WROTE}<br></div>"
    f"<blockquote class='gmail_quote'>{QUOTE}</blockquote></div>",
    "Outlook": "<html xmlns:o='urn:schemas-microsoft-com:office:office'><head><!--[if !mso]>"
    "<style>v\\:* {behavior:url(#VML);}</style><![endif]--><style><!-- p.MsoNormal {margin:0}"
    "--></style><!--[if gte mso 9]><xml><o:shapedefaults v:ext='edit'/></xml><![endif]--></head>"
    f"<body lang=EN-US><div class=WordSection1><p class=MsoNormal>{YES}<o:p></o:p></p><p class="
    "MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal>Bob<o:p></o:p></p><div><div style='border:"
    f"none;border-top:solid #E1E1E1 1.0pt'><p class=MsoNormal>{HEADS}<o:p></o:p></p></div></div>"
    f"<p class=MsoNormal>{QUOTE}<o:p></o:p></p></div></body></html>",
    "Outlook on the web": f"<html><head></head><body dir='ltr'><div class='elementToProof'>{YES}"
    "</div><div class='elementToProof'><br></div><div>Bob</div><div id='appendonsend'></div><hr "
    f"style='display:inline-block;width:98%'><div id='divRplyFwdMsg' dir='ltr'>{HEADS}<div>&nbsp;"
    f"</div></div><div class='BodyFragment'><div class='PlainText'>{QUOTE}</div></div></body>",
    "Outlook on a phone": f"<div>{YES}</div><div><br></div><div>Bob</div><hr><div id="
    f"'divRplyFwdMsg'>{HEADS}</div><div>{QUOTE}</div>",
    "Outlook for Mac": f"<div>{YES}</div><div><br></div><div>Bob</div><span id="
    f"'OLK_SRC_BODY_SECTION'><div>{HEADS}</div><div>{QUOTE}</div></span>",
    "Apple Mail": f"<html><head></head><body style='overflow-wrap: break-word;'>{YES}<div><br>"
    "</div><div>Bob<br id='lineBreakAtBeginningOfMessage'><div><br><blockquote type='cite'><div>"
    f"On 21 Nov 2026, at 20:35, Orange &lt;o@e.org&gt; wrote:</div><br><div><div>{QUOTE}</div>"
    "</div></blockquote></div><br></div></body></html>",
    "iPhone": f"<html><body dir='auto'>{YES}<div><br></div><div>Bob</div><div dir='ltr'><br>"
    "<blockquote type='cite'>On 21 Nov 2026, at 20:35, Orange &lt;o@e.org&gt; wrote:<br><br>"
    f"</blockquote></div><blockquote type='cite'><div dir='ltr'>{QUOTE}</div></blockquote></body>",
    "Thunderbird": f"<!DOCTYPE html><html><head><meta charset='UTF-8'></head><body><p>{YES}</p>"
    "<p>Bob<br></p><div class='moz-cite-prefix'>On 21/11/2026 20:35, Orange wrote:<br></div>"
    f"<blockquote type='cite' cite='mid:1@e.org'><pre class='moz-quote-pre' wrap=''>{QUOTE}</pre>"
    "</blockquote></body></html>",
    "Yahoo": f"<div class='ydp1yahoo-style-wrap'><div dir='ltr'>{YES}</div><div><br></div><div>Bob"
    "</div></div><div id='yahoo_quoted_4711' class='yahoo_quoted'><div>On Saturday, November 21, "
    f"2026 at 08:35:00 PM, Orange wrote:</div><div><br></div><div>{QUOTE}</div></div>",
    "Proton": f"<div style='font-family: Arial;'>{YES}</div><div><br></div><div>Bob</div><div "
    "class='protonmail_quote'>On Saturday, November 21st, 2026 at 8:35 PM, Orange wrote:<br>"
    "<blockquote "
    f"class='protonmail_quote' type='cite'>{QUOTE}</blockquote><br></div>",
    "Samsung": f"<div dir='auto'>{YES}</div><div dir='auto'><br></div><div dir='auto'>Bob</div>"
    "<div><br></div><div>-------- Original message --------</div><div>From: Orange &lt;o@e.org&gt;"
    f" </div><div>Date: 21/11/2026  20:35  (GMT+01:00) </div><div>To: b@e.org </div><div><br>"
    f"</div><div>{QUOTE}</div>",
    "GMX and web.de": f"<html><head></head><body><div><div>{YES}</div><div>&nbsp;</div><div>Bob"
    "</div><div name='quote' style='border-left: 2px solid #C3D9E5;'><div><b>Gesendet:</b> Samstag"
    f"</div><div name='quoted-content'>{QUOTE}</div></div></div></body></html>",
    "Zimbra (La Poste, Free)": f"<html><body><div style='font-family: arial'><div>{YES}</div><div>"
    "<br></div><div>Bob</div><div><br></div><hr id='zwchr' data-marker='__DIVIDER__'><div "
    f"data-marker='__HEADERS__'><b>De: </b>Orange<br><b>À: </b>b@e.org<br></div><div><br></div>"
    f"<div data-marker='__QUOTED_TEXT__'>{QUOTE}</div></div></body></html>",
    "Orange": f"<p>{YES}</p><p>Bob</p><blockquote style='border-left: #ff0000 1px solid'>&gt; "
    f"Message du 21/11/26 20:35<br>&gt; De : Orange<br>&gt; <br>{QUOTE}</blockquote>",
    "Zoho": f"<div style='font-size: 10pt;'><div>{YES}<br></div><div><br></div><div>Bob<br></div>"
    "<div class='zmail_extra'><div id='Zm-_Id_-Sgn1'>---- On Sat, 21 Nov 2026 20:35:00 +0000 "
    f"<b>Orange</b> wrote ---<br></div><blockquote id='blockquote_zmail'>{QUOTE}</blockquote>"
    "</div>",
    "Spark": f"<html><body><div name='messageBodySection'><div dir='auto'>{YES}<br><br>Bob</div>"
    "</div><div name='messageReplySection'>On 21 Nov 2026 at 20:35 +0100, Orange wrote:<br>"
    f"<blockquote class='spark_quote' type='cite'>{QUOTE}</blockquote></div></body></html>",
    "Roundcube": f"<html><body><p>{YES}</p><p>Bob</p><p id='reply-intro'>On 2026-11-21 20:35, "
    f"Orange wrote:</p><blockquote type='cite'><div class='pre'>{QUOTE}</div></blockquote></body>",
}


@pytest.mark.parametrize("html", PROGRAMS.values(), ids=PROGRAMS)
def test_a_program(html):
    text, is_whole = to_text(html.replace("\n", "\r\n"))
    assert is_whole
    assert written(text) == "Yes & welcome!\n\nBob"


def test_an_answer_within_and_below_a_quote():
    html = (
        f"<div class='gmail_quote'><div class='gmail_attr'>{WROTE}</div><blockquote>{QUOTE}"
        "</blockquote><div>Yes.</div><blockquote>When?</blockquote><div>At four.</div></div>"
    )
    assert written(to_text(html)[0]) == "Yes.\n\nAt four."


@pytest.mark.parametrize(
    ("html", "text"),
    [
        # https://html.spec.whatwg.org/#optional-tags, and other trees of the standard.
        ("<html><head/><body>Yes</body>", "Yes"),
        ("<head><title>x</title><body>Yes", "Yes"),
        ("<head><style>p {}</style><p>Yes", "Yes"),
        ("<title>x</title>Yes", "Yes"),
        ("Yes<p>No<p>Or", "Yes\n\nNo\n\nOr"),
        ("<b>Yes<i>No</b>Or</i>", "YesNoOr"),
        ("<p style='max-height:0.9em;overflow:hidden'>Yes", "Yes"),
        ("<p style='mso-display:none;fill-opacity:0'>Yes", "Yes"),
        ("<p style='overflow:hidden;max-height:0px'>No</p>Yes", "Yes"),
        ("<table>Lost<tr><td>Cell", "Lost\n\nCell"),
        ("</p>Yes</div></body></html> more", "Yes more"),
        ("<p>a<div>b</p>c</div>d", "a\n\nb\n\nc\nd"),
        ("Yes<br/>No</br>Or", "Yes\nNo\nOr"),
        ("1 < 2 and <3", "1 < 2 and <3"),
        (
            "a&nbsp;&lt;b&gt; &eacute;&#8217;&#x2014; &notit; &amp;amp;",
            "a\u00a0<b> é’— ¬it; &amp;",
        ),
        ("<img alt='a > b'>Yes<a title='x > y'>No</a>", "YesNo"),
        ("Yes<!-- a > b -- c --> No<!--> Or<!-- >", "Yes No Or"),
        ("<!--[if mso]><p>Word</p><![endif]-->Yes<![if !mso]> No<![endif]>", "Yes No"),
        ("<script>'</p>' < 1</script><style>p > a {}</style>Yes", "Yes"),
        ("<textarea>a <b></textarea>", "a <b>"),
        ("<noscript>Yes</noscript><template>No</template><svg><text>No</text></svg>", "Yes"),
        ("<xml><o:x>No</o:x></xml>Yes<o:p></o:p>", "Yes"),
        ("<plaintext><b>Yes", "<b>Yes"),
        # Spaces.
        ("<p>  a \r\n\t b </p>\n <p> c</p>", "a b\n\nc"),
        ("a <b> b </b> c", "a b c"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("<div>a</div><div><br></div><div>b<br></div><div>c</div>", "a\n\nb\nc"),
        ("<p>a</p><p>&nbsp;</p><p>&nbsp;</p><p>b</p>", "a\n\nb"),
        # Tables, lists, links.
        (
            "<table><tr><td>Check-in</td><td>16:00</td></tr><tr><th><p>Out</p><td><p>10:00</p>",
            "Check-in 16:00\nOut 10:00",
        ),
        ("<table><tr><td><table><tr><td>a<td>b</table><td>c</table>d", "a b c\n\nd"),
        (
            "Bring:<ul><li>towels<li><p>food</p><ol start=3><li>bread<li>milk</ol></ul>Bye",
            "Bring:\n\n- towels\n- food\n  3. bread\n  4. milk\n\nBye",
        ),
        ("<dl><dt>Price<dd>99</dl>", "Price\n99"),
        ("<a href='https://e.org/a?b=1&amp;c=2'>here</a>.", "here <https://e.org/a?b=1&c=2>."),
        ("<a href='https://www.e.org/'>e.org</a>", "e.org"),
        ("<a href='https://e.org/a'>https://e.org/a</a>", "https://e.org/a"),
        ("<a href='mailto:a@e.org?subject=x'>a@e.org</a>", "a@e.org"),
        ("<a href='tel:+15550100'>+1 (555) 0100</a>", "+1 (555) 0100"),
        ("<a href='mailto:a@e.org'>Bob</a>", "Bob <mailto:a@e.org>"),
        ("<a href='https://e.org'><img src='logo.png' alt='Logo'></a>Yes", "Yes"),
        ("<a href='javascript:alert(1)'>a</a><a name='x'>b</a><a href='#x'>c</a>", "abc"),
        ("Yes <img alt='😀' src='cid:1'><img alt='Logo of Bob'>", "Yes 😀"),
        # Seen by nobody.
        ("<div style='Display: none !important'>preview</div>Yes", "Yes"),
        ("<div style='max-height:0px;overflow:hidden;opacity:0;'>preview</div>Yes", "Yes"),
        ("<span hidden>a</span><p style='visibility:hidden'>b</p>Yes", "Yes"),
        ("<div style='opacity:0.9;max-height:100px;overflow:hidden'>Yes</div>", "Yes"),
        # Quotes.
        ("a<blockquote>b<blockquote>c</blockquote></blockquote>d", "a\n> \n> b\n> > \n> > c\n\nd"),
        ("", ""),
        ("\0Yes<p\0>No", "YesNo"),
    ],
)
def test_the_standards_tree(html, text):
    assert to_text(html) == (text, True)


def test_a_picture_in_the_text_takes_no_room():
    html = f"Hello<img src='data:image/png;base64,{'A' * 3 * LONGEST}'>Yes"
    assert to_text(html) == ("HelloYes", True)


def test_more_than_a_person_writes_is_said():
    assert to_text("Yes " * LONGEST)[1] is False


HOSTILE = [
    *("<", "<a ", "</", "<!--", "<svg><![CDATA[", "&#1", "<div>", "<b>", "<table><b>x", "<b><p>"),
    *(
        "<a href=http://x>y",
        "<blockquote>",
        "<ol><li>x",
        "<template>",
        "<b><i><a><nobr>",
        "<pre>\n",
    ),
    *("<div id=divRplyFwdMsg>x", "data:image/a;base64,", "<i style='overflow:hidden;max-height:0"),
]


@pytest.mark.parametrize("unit", HOSTILE)
def test_nobody_makes_it_think_for_long(unit):
    """Not minutes, where work grows with the square, nor an error of recursion."""
    begin = process_time()
    to_text(unit * 20_000 + "Yes")
    assert process_time() - begin < 20


def test_attributes_and_tags_that_all_differ():
    begin = process_time()
    to_text("<a " + " ".join(f"x{number}=1" for number in range(15_000)) + ">Yes")
    to_text("".join(f"<b id={number}>" for number in range(8_000)) + "<p>x" * 2000)
    assert process_time() - begin < 20
