"""Stock and prices on their way out of the demonstration's shop, as a file that the sandbox takes by SFTP."""

from collections.abc import Iterator
from datetime import timedelta

from tillbridge.demo.shop import Demo
from tillbridge.exports import ExportRules, ExportSettings
from tillbridge.files import SentFile
from tillbridge.model.offers import Buffers
from tillbridge.model.words import Words
from tillbridge.views import OrderView

_EVERY = ExportSettings(every=timedelta(hours=1), rules=ExportRules(buffers=Buffers(every=1)))


def send(demo: Demo, order: OrderView) -> Iterator[Words]:
    """Export once, and tell what went out: the file, and its line of an order's first product."""
    demo.engine.set_export(demo.connection, _EVERY)
    (result,) = demo.engine.export(demo.connection)
    assert result.trouble is None, result.trouble
    file = demo.engine.sent_files(demo.connection)[0]
    products = file.lines - 1
    yield Words(
        f"{file.name} goes there by SFTP, {products} products in it, one piece of each kept back.",
        f"{file.name} 파일을 SFTP로 전송: 제품 {products}개, 제품마다 1개씩 남겨 둠.",
    )
    wanted = order.lines[0]
    there = demo.on_hand(wanted.product_id or "")
    if line := _line_of(file, wanted.gtin or ""):
        yield Words(
            f"{wanted.title}, of which {there} are in the shop, stands there as {line}.",
            f"{wanted.title}: 매장 재고 {there}개, 파일에는 {line}.",
        )


def _line_of(file: SentFile, gtin: str) -> str:
    """Return the line that begins with a barcode, whatever zeros either has in front."""
    with file.path.open(encoding="utf-8") as lines:
        found = (line.strip() for line in lines if line.lstrip("0").startswith(f"{gtin.lstrip('0')},"))
        return next(found, "") if gtin else ""
