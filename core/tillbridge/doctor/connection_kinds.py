"""What can be wrong with a connection."""

from typing import Final

from tillbridge.doctor.findings import Kind, Standing
from tillbridge.model.words import Words

_NO_ORDERS: Final = Words(
    "Its orders do not arrive and decisions are not sent; sales at the till and other connections go on.",
    "이 연결의 주문이 들어오지 않고 결정도 전송되지 않습니다. 매장 판매와 다른 연결은 계속 작동합니다.",
)

PROVIDER = Kind(
    code="connections.provider",
    standing=Standing.BROKEN,
    wrong=Words(
        "The connection {name} needs the provider {provider}, which is not installed or was refused.",
        "연결 {name}에 필요한 {provider} 제공자가 설치되어 있지 않거나 거부되었습니다.",
    ),
    means=_NO_ORDERS,
    remedy=Words(
        "Install its plugin in the Python that runs tillbridge, and see: tillbridge providers",
        "tillbridge를 실행하는 파이썬에 플러그인을 설치하고 확인해 주세요: tillbridge providers",
    ),
)
TROUBLE = Kind(
    code="connections.trouble",
    standing=Standing.BROKEN,
    wrong=Words(
        "The connection {name} is in trouble since its last try: {trouble}. It was last well: {well}.",
        "연결 {name}에 문제가 있습니다: {trouble}. 마지막 정상 확인: {well}.",
    ),
    means=_NO_ORDERS,
    remedy=Words(
        "Mend what is named, and try it: tillbridge poll --connection {name}",
        "안내된 문제를 고친 뒤 확인해 주세요: tillbridge poll --connection {name}",
    ),
)
OVERDUE = Kind(
    code="connections.overdue",
    standing=Standing.BROKEN,
    wrong=Words(
        "The connection {name} was not polled for {since}; it should be every {every}.",
        "연결 {name}을(를) {since} 동안 확인하지 않았습니다. 확인 간격은 {every}입니다.",
    ),
    means=Words(
        "`tillbridge run` is likely not running: orders do not arrive, and decisions are not sent; sales at "
        "the "
        "till go on.",
        "`tillbridge run`이 실행 중이 아닌 것 같습니다. 주문이 들어오지 않고 결정도 전송되지 않습니다. "
        "매장 판매는 계속할 수 있습니다.",
    ),
    remedy=Words(
        "Start it, and keep it running: tillbridge run", "시작하고 계속 실행해 주세요: tillbridge run"
    ),
)
UNUSABLE = Kind(
    code="connections.unusable",
    standing=Standing.BROKEN,
    wrong=Words(
        "The connection {name} cannot be opened: {fault}.", "연결 {name}을(를) 열 수 없습니다: {fault}."
    ),
    means=_NO_ORDERS,
    remedy=Words(
        "Give it settings that fit: tillbridge connect PROVIDER --name {name} --replace --set KEY=VALUE",
        "설정을 고쳐 주세요: tillbridge connect PROVIDER --name {name} --replace --set KEY=VALUE",
    ),
)
REFUSED = Kind(
    code="connections.refused",
    standing=Standing.BROKEN,
    wrong=Words(
        "The webstore of {name} refuses us: {fault}.",
        "연결 {name}의 웹스토어가 접근을 거부했습니다: {fault}.",
    ),
    means=_NO_ORDERS,
    remedy=Words(
        "Give the right settings or a new key: tillbridge connect PROVIDER --name {name} --replace --secret "
        "KEY=-",
        "올바른 설정이나 새 키를 입력해 주세요: tillbridge connect PROVIDER --name {name} --replace "
        "--secret KEY=-",
    ),
)
AWAY = Kind(
    code="connections.away",
    standing=Standing.LOOK,
    wrong=Words(
        "The webstore of {name} does not answer as it should: {fault}.",
        "연결 {name}의 웹스토어가 정상적으로 응답하지 않습니다: {fault}.",
    ),
    means=Words(
        "Its orders arrive when it is back; nothing is lost. Sales at the till go on.",
        "웹스토어가 복구되면 주문이 들어옵니다. 잃는 것은 없으며 매장 판매는 계속할 수 있습니다.",
    ),
    remedy=Words(
        "See whether this computer is on the internet, then whether the webstore is down; try again: "
        "tillbridge doctor",
        "인터넷 연결과 웹스토어 상태를 확인한 뒤 다시 시도해 주세요: tillbridge doctor",
    ),
)
SLOW = Kind(
    code="connections.slow",
    standing=Standing.LOOK,
    wrong=Words(
        "The webstore of {name} had not answered after {seconds} seconds.",
        "연결 {name}의 웹스토어가 {seconds}초 동안 응답하지 않았습니다.",
    ),
    means=AWAY.means,
    remedy=AWAY.remedy,
)
FILES = Kind(
    code="connections.files",
    standing=Standing.BROKEN,
    wrong=Words(
        "The files of {name} cannot be delivered: {fault}.",
        "연결 {name}의 파일을 보낼 수 없습니다: {fault}.",
    ),
    means=Words(
        "What its webstore shows of stock and prices becomes old; orders and decisions go on.",
        "웹스토어의 재고와 가격이 갱신되지 않습니다. 주문과 결정은 계속 처리됩니다.",
    ),
    remedy=Words(
        "Mend what is named, and try it: tillbridge export run {name}",
        "안내된 문제를 고친 뒤 확인해 주세요: tillbridge export run {name}",
    ),
)
PLUGIN = Kind(
    code="connections.plugin",
    standing=Standing.BROKEN,
    wrong=Words(
        "The plugin of the connection {name} failed when it was to check it: {fault}.",
        "연결 {name}의 플러그인이 확인 중 실패했습니다: {fault}.",
    ),
    means=Words(
        "Whether its orders arrive is not known; sales at the till and other connections go on.",
        "이 연결의 주문이 들어오는지 알 수 없습니다. 매장 판매와 다른 연결은 계속 작동합니다.",
    ),
    remedy=Words(
        "Update the plugin, or tell its maker; see: tillbridge providers",
        "플러그인을 업데이트하거나 개발사에 알려 주세요. 확인: tillbridge providers",
    ),
)
NO_HOURS = Kind(
    code="connections.no_hours",
    standing=Standing.LOOK,
    wrong=Words(
        "The business hours of the store {store} are not known.", "{store} 매장의 영업시간을 알 수 없습니다."
    ),
    means=Words(
        "No due time is counted for its orders, so nobody is warned before one is overdue.",
        "주문의 수락 기한을 계산할 수 없어 기한이 다가와도 알리지 못합니다.",
    ),
    remedy=Words(
        "Say when it is open: tillbridge store hours {store} HOURS; or that there is no limit: tillbridge "
        "connect PROVIDER --name NAME --replace --accept-hours 0",
        "영업시간을 입력해 주세요: tillbridge store hours {store} 영업시간. 기한이 없다면: tillbridge "
        "connect 서비스 --name 이름 --replace --accept-hours 0",
    ),
)
PLAIN_SECRET = Kind(
    code="connections.plain_secret",
    standing=Standing.LOOK,
    wrong=Words(
        "Of the connection {name} the database holds in plain: {secrets}.",
        "연결 {name}의 {secrets} 값이 데이터베이스에 암호화되지 않은 채 저장되어 있습니다.",
    ),
    means=Words(
        "Whoever reads the database, or a backup of it, has it. Orders and payments go on.",
        "데이터베이스나 백업을 볼 수 있는 사람이 이 값을 알 수 있습니다. 주문과 결제는 계속 처리됩니다.",
    ),
    remedy=Words(
        "`tillbridge run` seals it with its next beat. Backups hold it still: make a new one at the service, "
        "and enter it: tillbridge connect {provider} --name {name} --replace --secret {secret}=-",
        "`tillbridge run`이 다음에 동작할 때 암호화됩니다. 백업에는 남아 있으므로 서비스에서 새로 발급해 "
        "입력해 주세요: tillbridge connect {provider} --name {name} --replace --secret {secret}=-",
    ),
)
WEBHOOK = Kind(
    code="connections.webhook",
    standing=Standing.LOOK,
    wrong=Words(
        "Webhooks do not arrive as they should. {said}", "웹훅이 정상적으로 도착하지 않습니다. {said}"
    ),
    means=Words(
        "Its orders still come by polling, some minutes later; nothing is lost.",
        "주문은 주기적 확인으로 몇 분 늦게 들어오며, 잃는 것은 없습니다.",
    ),
    remedy=Words(
        "See the address and enter it at the webstore again: tillbridge connection webhook {name}; see "
        "whether `tillbridge run --listen HOST:PORT` is running, and whether the proxy before it passes "
        "requests on",
        "주소를 확인하고 웹스토어에 다시 입력해 주세요: tillbridge connection webhook {name}. "
        "`tillbridge run --listen HOST:PORT`가 실행 중인지, "
        "앞단의 프록시가 요청을 전달하는지도 확인해 주세요",
    ),
)
