"""Asks the point of sale a plain question: which stores there are."""

from typing import Final

from tillbridge.doctor.described import described
from tillbridge.doctor.findings import Kind, Said, Standing
from tillbridge.doctor.measures import some
from tillbridge.doctor.site import Site, UncheckedError
from tillbridge.model.stores import Store
from tillbridge.model.words import Words

_UNSOLD: Final = Words(
    "Orders are fetched and kept, but none is sold until it answers; the till itself may well go on.",
    "주문은 가져와 보관하지만, POS가 응답할 때까지 판매 처리되지 않습니다. 매장 계산은 계속될 수 있습니다.",
)
AWAY = Kind(
    code="pos.away",
    standing=Standing.BROKEN,
    wrong=Words(
        "The point of sale could not say which stores there are: {fault}.",
        "POS에서 매장 목록을 가져오지 못했습니다: {fault}.",
    ),
    means=_UNSOLD,
    remedy=Words(
        "See whether the point of sale is running, then: tillbridge doctor",
        "POS가 실행 중인지 확인한 뒤 다시 확인해 주세요: tillbridge doctor",
    ),
)
STRANGE = Kind(
    code="pos.strange",
    standing=Standing.BROKEN,
    wrong=Words(
        "The point of sale answered with {given} where stores are expected.",
        "POS가 매장 목록 대신 {given}을(를) 반환했습니다.",
    ),
    means=_UNSOLD,
    remedy=Words(
        "Tell the point of sale's maker: PointOfSale.stores() must return a sequence of Store.",
        "POS 개발사에 알려 주세요: PointOfSale.stores()는 Store 목록을 반환해야 합니다.",
    ),
)
NO_STORE = Kind(
    code="pos.no_store",
    standing=Standing.LOOK,
    wrong=Words("There is no store yet.", "아직 매장이 없습니다."),
    means=Words(
        "No webstore can be connected, and no order be sold.",
        "웹스토어를 연결하거나 주문을 판매할 수 없습니다.",
    ),
    remedy=Words(
        "Add one: tillbridge store add CODE --country KR",
        "추가해 주세요: tillbridge store add 코드 --country KR",
    ),
)


NEVER_OPEN = Kind(
    code="pos.never_open",
    standing=Standing.BROKEN,
    wrong=Words(
        "By its hours the store {store} does not open within a year: {hours}.",
        "{store} 매장은 영업시간({hours})으로는 1년 안에 여는 날이 없습니다.",
    ),
    means=Words(
        "No due time is counted for its orders, so nobody is warned before one is overdue.",
        "주문의 수락 기한을 계산할 수 없어 기한이 다가와도 알리지 못합니다.",
    ),
    remedy=Words(
        "Say when it is open: tillbridge store hours {store} HOURS",
        "영업시간을 입력해 주세요: tillbridge store hours {store} 영업시간",
    ),
)


def check(site: Site) -> Said:
    """Ask for the stores."""
    pos = site.options.pos
    if pos is None:
        database = site.ready()
        # A host with a POS of its own loads nothing of the built-in one.
        from tillbridge.pos.embedded import EmbeddedPos  # noqa: PLC0415  # see above

        pos = EmbeddedPos(database, site.clock)
    try:
        found = pos.stores()
    except UncheckedError:
        raise
    except Exception as error:  # noqa: BLE001  # whatever a host's POS raises, it could not answer
        yield AWAY.found(fault=described(error))
        return
    strange = _strange(found)
    if strange:
        yield STRANGE.found(given=strange)
        return
    site.pos, site.stores = pos, tuple(found)
    if not found:
        yield NO_STORE.found()
    now = site.clock.now()
    for store in found:
        if store.hours is not None and next(store.open_spans(now), None) is None:
            yield NEVER_OPEN.found(store=store.code, hours=store.hours.week)
    kind = Words("built in", "기본 제공") if site.embedded else Words("the host's own", "호스트 자체 POS")
    codes = some(store.code for store in found) or "-"
    yield Words(f"{kind.en}, stores: {codes}", f"{kind.ko}, 매장: {codes}")


def _strange(found: object) -> str:
    """Return what was given where a sequence of stores is expected, or nothing if it is one."""
    if not isinstance(found, list | tuple):
        return type(found).__name__
    return next((type(one).__name__ for one in found if not isinstance(one, Store)), "")
