"""What can be wrong with a database in a file."""

from typing import Final

from tillbridge.doctor.findings import Kind, Standing
from tillbridge.model.words import Words

_NOTHING = Words(
    "Nothing works: no order arrives, and no sale can be made through tillbridge.",
    "아무것도 작동하지 않습니다. 주문이 들어오지 않고 tillbridge로 판매할 수 없습니다.",
)
_BACKUP = Words(
    "Stop tillbridge, keep a copy of {file} as it is, and bring it back from a backup. Without one: "
    "sqlite3 {file} .recover | sqlite3 rescued.db",
    "tillbridge를 멈추고 {file}의 사본을 보관한 뒤 백업에서 복원해 주세요. 백업이 없으면: "
    "sqlite3 {file} .recover | sqlite3 rescued.db",
)

MISSING = Kind(
    code="database.missing",
    standing=Standing.BROKEN,
    wrong=Words("There is no database {file}.", "데이터베이스 {file}이(가) 없습니다."),
    means=_NOTHING,
    remedy=Words(
        "If it stands elsewhere, say where with --database or TILLBRIDGE_DATABASE; for a new shop, make it: "
        "tillbridge init",
        "다른 곳에 있다면 --database 또는 TILLBRIDGE_DATABASE로 지정하고, 새 매장이라면 만들어 주세요: "
        "tillbridge init",
    ),
)
UNREADABLE = Kind(
    code="database.unreadable",
    standing=Standing.BROKEN,
    wrong=Words(
        "The database {file} cannot be opened: you may not read it, or it is a folder.",
        "데이터베이스 {file}을(를) 열 수 없습니다. 읽기 권한이 없거나 폴더입니다.",
    ),
    means=_NOTHING,
    remedy=Words(
        "Run tillbridge as the user whose file it is; see: ls -l {file}",
        "파일 소유자로 tillbridge를 실행해 주세요. 확인: ls -l {file}",
    ),
)
NOT_A_DATABASE = Kind(
    code="database.not_a_database",
    standing=Standing.BROKEN,
    wrong=Words(
        "{file} is no database, or its beginning is overwritten.",
        "{file}은(는) 데이터베이스가 아니거나 앞부분이 손상되었습니다.",
    ),
    means=_NOTHING,
    remedy=Words(
        "Say with --database or TILLBRIDGE_DATABASE where yours is; if this is it, bring it back from a "
        "backup.",
        "--database 또는 TILLBRIDGE_DATABASE로 위치를 지정해 주세요. 이 파일이 맞다면 백업에서 복원해 "
        "주세요.",
    ),
)
DAMAGED = Kind(
    code="database.damaged",
    standing=Standing.BROKEN,
    wrong=Words(
        "The database {file} is damaged ({detail}).", "데이터베이스 {file}이(가) 손상되었습니다({detail})."
    ),
    means=Words(
        "Orders and sales may be lost or wrong, and more with every write.",
        "주문과 거래가 사라지거나 틀릴 수 있고, 계속 쓰면 손상이 커집니다.",
    ),
    remedy=_BACKUP,
)
LOCKED = Kind(
    code="database.locked",
    standing=Standing.BROKEN,
    wrong=Words(
        "Another program holds the database {file}, and did not let go within {seconds} seconds.",
        "다른 프로그램이 데이터베이스 {file}을(를) 잡고 {seconds}초 넘게 놓지 않습니다.",
    ),
    means=Words(
        "Nothing can be written meanwhile: orders and sales wait.",
        "그동안 아무것도 저장할 수 없어 주문과 판매가 대기합니다.",
    ),
    remedy=Words(
        "See who it is, and end it: fuser -v {file}",
        "어떤 프로그램인지 확인하고 종료해 주세요: fuser -v {file}",
    ),
)
READ_ONLY = Kind(
    code="database.read_only",
    standing=Standing.BROKEN,
    wrong=Words("You may read, but not write: {places}.", "읽을 수는 있지만 쓸 수 없습니다: {places}."),
    means=Words(
        "No order can be kept, no sale be made and no decision be taken; most commands refuse to work. What "
        "is stored is safe, and orders wait at their webstores until it can be written again.",
        "주문을 저장하거나 판매하거나 결정할 수 없고, 대부분의 명령이 작동하지 않습니다. 저장된 내용은 "
        "안전하며, 다시 쓸 수 있게 되면 웹스토어에서 기다리던 주문을 가져옵니다.",
    ),
    remedy=Words(
        "Run tillbridge as the user whose files they are, or let their owner give you the right to write; "
        "see whose they are: ls -ld {places} If the rights are good, the disk is mounted for reading only; "
        "see: findmnt -T {first}",
        "파일 소유자로 tillbridge를 실행하거나 소유자에게 쓰기 권한을 요청해 주세요. 소유자 확인: "
        "ls -ld {places} 권한에 문제가 없다면 디스크가 읽기 전용으로 연결된 것입니다. 확인: "
        "findmnt -T {first}",
    ),
)
DISK_FAULT = Kind(
    code="database.disk_fault",
    standing=Standing.BROKEN,
    wrong=Words(
        "The database {file} cannot be read: {detail}.",
        "데이터베이스 {file}을(를) 읽을 수 없습니다: {detail}.",
    ),
    means=_NOTHING,
    remedy=Words(
        "See whether the disk is well (`dmesg | tail`) and the folder is there; else bring the file back "
        "from a "
        "backup.",
        "디스크 상태(`dmesg | tail`)와 폴더를 확인해 주세요. 문제가 계속되면 백업에서 복원해 주세요.",
    ),
)
NETWORK = Kind(
    code="database.network",
    standing=Standing.LOOK,
    wrong=Words(
        "The database {file} is on a network file system ({kind}).",
        "데이터베이스 {file}이(가) 네트워크 파일 시스템({kind})에 있습니다.",
    ),
    means=Words(
        "Its locks cannot be relied on there: two computers at once can damage it, and orders may be lost.",
        "네트워크에서는 잠금을 믿을 수 없어, 두 컴퓨터가 동시에 쓰면 파일이 손상되고 주문을 잃을 수 "
        "있습니다.",
    ),
    remedy=Words(
        "Move it to a disk of this computer, or use PostgreSQL for several computers: "
        "--database postgresql://USER@HOST/NAME",
        "이 컴퓨터의 디스크로 옮기거나, 여러 컴퓨터에서는 PostgreSQL을 사용해 주세요: "
        "--database postgresql://USER@HOST/NAME",
    ),
)
JOURNAL = Kind(
    code="database.journal",
    standing=Standing.LOOK,
    wrong=Words(
        "The database {file} is in the mode “{mode}”, not WAL.",
        "데이터베이스 {file}의 저널 모드가 WAL이 아니라 ‘{mode}’입니다.",
    ),
    means=Words(
        "A poll and the till hold each other up; nothing is lost.",
        "주문 확인과 매장 판매가 서로 기다리게 됩니다. 데이터는 안전합니다.",
    ),
    remedy=Words(
        "Stop the programs that use it, and open it anew: tillbridge connections. If it stays, the file "
        "system cannot do WAL: move the file.",
        "사용 중인 프로그램을 모두 멈춘 뒤 다시 열어 주세요: tillbridge connections. 계속되면 파일 시스템이 "
        "WAL을 지원하지 않는 것이니 파일을 옮겨 주세요.",
    ),
)
ORPHANS = Kind(
    code="database.orphans",
    standing=Standing.BROKEN,
    wrong=Words(
        "{count:row names a row that is|rows name rows that are} not there ({tables}).",
        "존재하지 않는 행을 가리키는 행이 {count}건 있습니다({tables}).",
    ),
    means=Words(
        "Something other than tillbridge changed the database: orders or sales are incomplete, and some "
        "cannot "
        "be worked with.",
        "다른 프로그램이 데이터베이스를 변경했습니다. 일부 주문이나 거래가 불완전하여 처리할 수 없습니다.",
    ),
    remedy=Words(
        "Bring {file} back from a backup, or report it with: sqlite3 {file} 'PRAGMA foreign_key_check'",
        "백업에서 {file}을(를) 복원하거나 다음 결과와 함께 알려 주세요: "
        "sqlite3 {file} 'PRAGMA foreign_key_check'",
    ),
)
# What the SQLite library says -> what it means; the first that fits counts.
SIGNS: Final = (
    ("not a database", NOT_A_DATABASE),
    ("malformed", DAMAGED),
    ("locked", LOCKED),
    ("unable to open", UNREADABLE),
)
