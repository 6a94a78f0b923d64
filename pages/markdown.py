"""What people write in Markdown, as HTML that can do no harm.

markdown-it-py reads CommonMark, without raw HTML, headings (a page has its own) and images (they tell others who read
the page, and when). nh3 then lets through a short list of elements, so that a fault of the reader opens nothing.
"""

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

ELEMENTS = {"p", "br", "hr", "em", "strong", "code", "pre", "blockquote", "ul", "ol", "li", "a"}
SCHEMES = {"http", "https"}

_READER = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable(
    ["image", "heading", "lheading", "html_block"]
)


def html_from(text: str) -> SafeString:
    """The text as HTML; links lead to http and https only and tell nobody where the reader came from."""
    return mark_safe(  # noqa: S308  # cleaned on the line itself
        nh3.clean(
            _READER.render(text),
            tags=ELEMENTS,
            attributes={"*": set(), "a": {"href"}},
            attribute_filter=_kept,
            url_schemes=SCHEMES,
            link_rel="noopener noreferrer nofollow",
        )
    )


def _kept(element: str, attribute: str, value: str) -> str | None:
    """Addresses without a scheme would be read as pages of ours, so they go too."""
    return None if attribute == "href" and not value.startswith(("http://", "https://")) else value
