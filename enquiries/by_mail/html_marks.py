"""What the elements of a mail's HTML say about it: hidden, quoted, a link, an emoji."""

from __future__ import annotations

import re
from urllib.parse import unquote

from justhtml import Element

# Elements that hold a quote, or what introduces one, by what their program calls them (class, id,
# name or data-marker): Gmail, Thunderbird, Roundcube, Yahoo, Outlook for Mac and for phones, Zoho,
# Spark, GMX and web.de, Zimbra.
QUOTE = re.compile(
    r"blockquote|gmail_attr|moz-cite-prefix|reply-intro|yahoo_quoted\w*|OLK_SRC_BODY_SECTION"
    r"|mail-editor-reference-message-container|ms-outlook-mobile-reference-message|zmail_extra"
    r"|messageReplySection|quote|__HEADERS__|__QUOTED_TEXT__"
)
# The headers that Outlook writes above a quote: all that follows is the quote.
QUOTE_BEGINS = re.compile(r"(x_)*(divRplyFwdMsg|stopSpelling)")
MARKS = ("class", "id", "name", "data-marker")
HIDDEN = re.compile(
    r"(?<![\w-])(?:display:none|visibility:(?:hidden|collapse)"
    r"|opacity:0(?:\.0+)?(?:!important)?(?:;|$)"
    r"|max-height:0(?![\d.]).*overflow:hidden|overflow:hidden.*max-height:0(?![\d.]))"
)
SCHEMES = ("https:", "http:", "mailto:", "tel:")


def attribute(node: Element, name: str) -> str:
    """Return an attribute; "" if there is none."""
    return (node.attrs or {}).get(name) or ""


def is_hidden(node: Element) -> bool:
    """Return whether no reader sees it, such as the preview line of a list of mails."""
    style = re.sub(r"\s+", "", attribute(node, "style")[:2000]).lower()
    return "hidden" in (node.attrs or {}) or HIDDEN.search(style) is not None


def is_quote(node: Element) -> bool:
    """Return whether it is a quote, or introduces one."""
    words = [node.name, *_marks(node)]
    return begins_quote(node) or any(QUOTE.fullmatch(word) for word in words)


def begins_quote(node: Element) -> bool:
    """Return whether the rest of the mail is a quote."""
    return any(QUOTE_BEGINS.fullmatch(word) for word in _marks(node))


def _marks(node: Element) -> list[str]:
    if not node.attrs:
        return []
    return [word for name in MARKS for word in attribute(node, name)[:500].split()]


def emoji(image: Element) -> str:
    """Return the character that a picture stands for: some programs send emoji as pictures."""
    alt = attribute(image, "alt")
    return alt if len(alt) <= 16 and not re.search(r"[\x00-\x7f]", alt) else ""


def address_beside(words: str, href: str) -> str:
    """Return the address of a link if its words don't say it; "" of one without any words."""
    href = href.strip()
    if not words or not href.lower().startswith(SCHEMES) or re.search(r"[\s<>]", href):
        return ""
    is_mailto = href.lower().startswith("mailto:")
    return "" if _bare(href.split("?")[0] if is_mailto else href) == _bare(words) else href


def _bare(address: str) -> str:
    """Return an address without what people leave out."""
    address = re.sub(r"^(https?://|mailto:|tel:)", "", unquote(address).strip(" <>").casefold())
    address = re.sub(r"[\s()]", "", address) if re.match(r"\+?[\d\s()./-]+$", address) else address
    return address.removeprefix("www.").rstrip("/")
