"""A receipt as a page of HTML for 80 mm paper, whole in itself: nothing in it comes from elsewhere."""

from html import escape
from typing import Final

from tillbridge.model.words import Language
from tillbridge.receipts.barcodes import as_svg
from tillbridge.receipts.content import Receipt, Sum
from tillbridge.receipts.text import money

_STYLE: Final = """
@page { size: 80mm auto; margin: 4mm }
body { width: 72mm; margin: 0 auto; font: 10pt/1.35 sans-serif; color: #000; background: #fff }
header, footer { text-align: center }
h1 { font-size: 12pt; margin: 2mm 0 }
header p, dl, dd { margin: 0 }
dl { display: grid; grid-template-columns: auto 1fr; gap: 0 2mm }
table { width: 100%; border-collapse: collapse; margin: 2mm 0; border-top: 1px dashed #000 }
td { padding: .5mm 0; vertical-align: top; overflow-wrap: anywhere }
td.number { text-align: right; white-space: nowrap; padding-left: 2mm }
.strong td { font-weight: bold }
svg { max-width: 100%; margin-top: 3mm }
"""


def as_page(receipt: Receipt, language: Language) -> str:
    """Return the receipt as a whole HTML document."""
    title = escape(receipt.title.say(language))
    head = "".join(f"<p>{escape(line)}</p>" for line in receipt.head)
    facts = "".join(
        f"<dt>{escape(one.say(language))}</dt><dd>{escape(text)}</dd>" for one, text in receipt.facts
    )
    items = "".join(
        f'<tr><td>{escape(description)}</td><td class="number">× {escape(count)}</td>'
        f'<td class="number">{escape(money(amount, language))}</td></tr>'
        for description, count, amount in receipt.items
    )
    sums = "".join(_sum(one, language) for one in receipt.sums)
    notes = "".join(f"<p>{escape(note.say(language))}</p>" for note in receipt.notes)
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style></head>\n<body><header>{head}<h1>{title}</h1></header>\n<dl>{facts}</dl>\n"
        f"<table>{items}</table>\n<table>{sums}</table>\n"
        f"<footer>{notes}{as_svg(receipt.barcode)}<p>{escape(receipt.barcode)}</p></footer></body></html>\n"
    )


def _sum(one: Sum, language: Language) -> str:
    strong = ' class="strong"' if one.strong else ""
    amount = escape(money(one.amount, language))
    return f'<tr{strong}><td>{escape(one.label.say(language))}</td><td class="number">{amount}</td></tr>'
