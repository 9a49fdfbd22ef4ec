"""Makes the files of the demonstration's shop: `python -m tillbridge.demo.making`.

Everything in them is invented: vendors, brands, people, and the company numbers inside the barcodes. The
same program makes the same files, so a change of the shop is a change here.
"""

import csv
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tillbridge.model.identifiers import check_digit

PRODUCT_COLUMNS: Final = ("vpn", "upc", "description", "brand", "price", "cost", "stock")
CUSTOMER_COLUMNS: Final = ("number", "name", "email", "phone", "street", "city", "postcode", "country")
CUSTOMERS_FILE: Final = "customers.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Products that differ in one or two things.

    Attributes:
        vpn: begins the part numbers.
        name: of the product, in Korean.
        variants: what differs; each pair of a first and a second makes a product.
        price: of the first, in won; each further first adds `step`.
    """

    brand: str
    vpn: str
    name: str
    variants: tuple[Sequence[str], Sequence[str]]
    price: int
    step: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """A vendor with a file of its own.

    Attributes:
        company: begins its barcodes: an invented company number, in Korea's 880 or as a UPC's.
        imported: its barcodes are UPCs of 12 digits.
    """

    name: str
    file: str
    company: str
    families: str
    imported: bool = False

    def products(self) -> Iterator[Family]:
        """Yield the families that its text names, one a line."""
        for line in self.families.strip().splitlines():
            brand, vpn, name, firsts, seconds, price, step = (part.strip() for part in line.split("|"))
            variants = (firsts.split(", "), seconds.split(", "))
            yield Family(brand=brand, vpn=vpn, name=name, variants=variants, price=int(price), step=int(step))


# Brand, VPN, name, first and second variants, price of the first, step from one first to the next.
# SL-100 is two vendors' own part number: a web order that has nothing else finds two products.
VENDORS: Final = (
    Vendor(
        name="한빛자전거",
        file="hanbit.csv",
        company="8809101",
        families="""
            한빛 | HB-R1 | 로드 자전거 미르 105 | 490, 520, 540, 560 | 블랙, 네이비 | 1890000 | 0
            한빛 | HB-G2 | 그래블 자전거 솔바람 | S, M, L | 카키, 샌드 | 1450000 | 0
            한빛 | HB-M3 | 산악자전거 태백 29 | S, M, L | 블랙, 오렌지 | 1120000 | 0
            한빛 | HB-C4 | 생활 자전거 나들이 7단 | 26인치, 24인치 | 아이보리, 민트, 레드 | 289000 | -20000
            한빛 | HB-K5 | 어린이 자전거 도토리 | 14인치, 16인치, 18인치 | 옐로, 블루 | 139000 | 15000
            여울 | YU-E6 | 전기 자전거 여울 시티 | M, L | 화이트, 그레이 | 1690000 | 0
            여울 | YU-F7 | 접이식 자전거 여울 폴드 | 16인치, 20인치 | 블랙, 화이트, 레드 | 520000 | 60000
        """,
    ),
    Vendor(
        name="두바퀴부품",
        file="dubakwi.csv",
        company="8809417",
        families="""
            두바퀴 | DB-CH | 체인 | 9단, 10단, 11단, 12단 | 116링크 | 24000 | 9000
            두바퀴 | DB-CS | 카세트 스프라켓 | 9단, 10단, 11단, 12단 | 11-28T, 11-34T | 42000 | 18000
            두바퀴 | DB-BP | 디스크 브레이크 패드 | 레진, 메탈 | 2피스톤, 4피스톤 | 14000 | 6000
            두바퀴 | DB-RT | 디스크 로터 | 140mm, 160mm, 180mm | 6볼트, 센터락 | 28000 | 5000
            가온 | GA-PD | 평페달 | 알루미늄, 나일론 | 블랙, 화이트, 레드 | 48000 | -22000
            가온 | GA-HB | 핸들바 | 400mm, 420mm, 440mm | 드롭, 플레어 | 69000 | 2000
            가온 | GA-ST | 스템 | 80mm, 90mm, 100mm, 110mm | 6도 | 45000 | 0
            가온 | GA-SP | 싯포스트 350mm | 27.2mm, 30.9mm, 31.6mm | 알루미늄 | 39000 | 3000
            가온 | GA-BT | 바테이프 | 2.5mm, 3.0mm | 블랙, 화이트, 레드 | 19000 | 5000
        """,
    ),
    Vendor(
        name="대륙타이어",
        file="daeryuk.csv",
        company="8809633",
        families="""
            대륙 | DR-RD | 로드 타이어 질주 | 700x25C, 700x28C, 700x32C | 클린처, 튜블리스 | 46000 | 3000
            대륙 | DR-GR | 그래블 타이어 들길 | 700x38C, 700x40C, 700x45C | 블랙, 스킨월 | 54000 | 2000
            대륙 | DR-MT | 산악 타이어 바위 | 27.5x2.35, 29x2.35, 29x2.50 | 튜블리스 | 62000 | 3000
            대륙 | DR-TB | 튜브 | 700x20-28C, 700x32-45C, 26인치, 29인치 | 프레스타 48mm, 슈레더 | 7000 | 500
            대륙 | SL-100 | 펑크 실란트 | 120ml, 500ml, 1L |  | 9000 | 13000
            대륙 | DR-RT | 림 테이프 10m | 19mm, 21mm, 25mm, 30mm |  | 8500 | 500
        """,
    ),
    Vendor(
        name="세종스포츠",
        file="sejong.csv",
        company="8809852",
        families="""
            나래 | NR-HM | 헬멧 나래 에어 | S, M, L | 블랙, 화이트, 레드 | 98000 | 0
            나래 | NR-KH | 어린이 헬멧 병아리 | XS, S | 옐로, 핑크 | 42000 | 0
            나래 | NR-GL | 반장갑 | S, M, L, XL | 블랙, 그레이 | 27000 | 0
            나래 | NR-JS | 반팔 저지 물결 | S, M, L, XL | 네이비, 코랄 | 79000 | 0
            나래 | NR-BB | 빕숏 장거리 | S, M, L, XL | 블랙 | 119000 | 0
            나래 | NR-RJ | 방수 재킷 | M, L, XL | 블랙, 형광 | 149000 | 0
            나래 | NR-SG | 변색 고글 | 스탠더드 | 블랙, 화이트, 레드 | 89000 | 0
        """,
    ),
    Vendor(
        name="노스필드 코리아",
        file="northfield.csv",
        company="073185",
        imported=True,
        families="""
            Northfield | NF-LK | 자물쇠 | U락, 폴딩, 체인 90cm | 블랙, 옐로 | 52000 | 11000
            Northfield | NF-FL | 전조등 | 400루멘, 800루멘, 1200루멘 | USB-C | 45000 | 28000
            Northfield | NF-RL | 후미등 | 50루멘, 100루멘 | USB-C | 29000 | 14000
            Northfield | NF-PU | 펌프 | 플로어, 미니 | 블랙, 화이트, 레드 | 58000 | -26000
            Northfield | NF-BG | 안장 가방 | 0.5L, 1.2L, 10L | 블랙 | 24000 | 19000
            Northfield | NF-PN | 패니어 20L 한 쌍 | 방수 | 블랙, 화이트, 레드 | 168000 | 0
            Northfield | NF-BC | 물통 케이지 | 카본, 알루미늄 | 블랙, 화이트, 레드 | 46000 | -32000
            Northfield | NF-LB | 체인 오일 | 건식 60ml, 습식 60ml, 왁스 120ml |  | 11000 | 3000
            Northfield | SL-100 | 타이어 실란트 | 120ml, 500ml, 1L |  | 10000 | 14000
        """,
    ),
)

# Name and the name of the e-mail address.
_PEOPLE: Final = """
    강서윤 seoyun.kang, 고은찬 eunchan.ko, 권나은 naeun.kwon,
    김도현 dohyun.kim, 김하린 harin.kim, 남지호 jiho.nam,
    노유진 yujin.noh, 류시우 siwoo.ryu, 문예서 yeseo.moon,
    민준서 junseo.min, 박가온 gaon.park, 박서진 seojin.park,
    백다은 daeun.baek, 서하준 hajun.seo, 송채원 chaewon.song,
    신유찬 yuchan.shin, 안소율 soyul.ahn, 양지안 jian.yang,
    오태린 taerin.oh, 유건우 gunwoo.yu, 윤아름 areum.yoon,
    이로운 roun.lee, 이소담 sodam.lee, 임한결 hangyeol.lim,
    장이든 ideun.jang, 전나율 nayul.jeon, 정해솔 haesol.jung,
    조은솔 eunsol.cho, 최바름 bareum.choi, 한가람 garam.han
"""
# Won; of what costs more the shop has few.
_DEAR: Final = 500_000
_PLACES: Final = (
    ("서울특별시 마포구", "성미산로", "03980"),
    ("서울특별시 성동구", "뚝섬로", "04779"),
    ("서울특별시 용산구", "이촌로", "04426"),
    ("고양시 일산동구", "호수로", "10390"),
    ("성남시 분당구", "탄천로", "13560"),
    ("수원시 영통구", "광교호수로", "16514"),
    ("인천광역시 연수구", "컨벤시아대로", "21998"),
)
# A couple with one address for both: an order with it could be either's.
_COUPLE: Final = (12, 24)


def products(vendor: Vendor) -> Iterator[dict[str, str]]:
    """Yield a vendor's products as rows of its file."""
    chance = random.Random(vendor.name)  # noqa: S311  # repeatable stock, no secrets
    number = 0
    for family in vendor.products():
        firsts, seconds = family.variants
        for step, first in enumerate(firsts):
            for place, second in enumerate(seconds):
                number += 1
                price = family.price + step * family.step
                yield {
                    "vpn": f"{family.vpn}-{step + 1:02}{'ABCD'[place] if len(seconds) > 1 else ''}",
                    "upc": _barcode(vendor, number),
                    "description": " ".join(part for part in (family.name, first, second) if part),
                    "brand": family.brand,
                    "price": str(price),
                    "cost": str(round(price * 0.62 / 100) * 100),
                    "stock": str(chance.randint(1, 4) if price > _DEAR else chance.randint(3, 24)),
                }


def customers() -> Iterator[dict[str, str]]:
    """Yield the shop's customers as rows of their file."""
    chance = random.Random("customers")  # noqa: S311  # repeatable addresses, no secrets
    people = [person.split() for person in _PEOPLE.split(",")]
    for place, (name, mailbox) in enumerate(people):
        city, street, postcode = _PLACES[place % len(_PLACES)]
        shared = people[_COUPLE[0]][1] if place in _COUPLE else mailbox
        yield {
            "number": f"C{1001 + place}",
            "name": name,
            "email": f"{shared}@example.com",
            "phone": f"010-0000-{chance.randint(1000, 4000)}",
            "street": f"{street} {chance.randint(3, 180)}",
            "city": city,
            "postcode": postcode,
            "country": "KR",
        }


def write_files(folder: Path) -> None:
    """Write every file of the shop into a folder."""
    for vendor in VENDORS:
        write_csv(folder / vendor.file, PRODUCT_COLUMNS, products(vendor))
    write_csv(folder / CUSTOMERS_FILE, CUSTOMER_COLUMNS, customers())


def write_csv(path: Path, columns: Sequence[str], rows: Iterator[dict[str, str]]) -> None:
    """Write rows as UTF-8 with a byte order mark, which spreadsheets need to read Korean right."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _barcode(vendor: Vendor, number: int) -> str:
    width = 11 if vendor.imported else 12
    body = f"{vendor.company}{number:0{width - len(vendor.company)}}"
    return body + check_digit(body)


if __name__ == "__main__":
    write_files(Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).with_name("shop")))
