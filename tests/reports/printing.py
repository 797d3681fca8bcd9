"""HTML to the bytes of a PDF, as the application prints it."""

import weasyprint

from reports.renderers import static_base, static_only


def printed(html: str) -> bytes:
    base = static_base().as_uri() + "/"
    document = weasyprint.HTML(string=html, base_url=base, url_fetcher=static_only())
    return document.write_pdf(pdf_variant="pdf/ua-1")
