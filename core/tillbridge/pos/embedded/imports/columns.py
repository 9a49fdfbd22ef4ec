"""What the columns of product and customer files may be called, in English and Korean."""

from typing import Final

from tillbridge.pos.embedded.imports.reading.fields import Field


def _field(name: str, titles: str, *, several: bool = False) -> Field:
    own = name.replace("_", " ")
    every = [own, *(title.strip() for title in titles.split(","))]
    korean = next((title for title in every if not title.isascii()), own)
    return Field(name, frozenset(every), (own, korean), several)


PRODUCT_FIELDS: Final = (
    _field(
        "vpn",
        "vendor part number, part number, part no, part no., part #, partnumber, "
        "부품 번호, 부품번호, 공급업체 부품 번호, 공급업체 부품번호, 공급업체 부품 번호(vpn)",
    ),
    _field(
        "gtin",
        "upc, ean, jan, barcode, bar code, upc/ean, upc/gtin, upc a, ean 13, ean13, gtin 12, gtin 13, "
        "gtin 14, upc code, ean code, 바코드, 바코드 번호, 바코드번호",
        several=True,
    ),
    _field(
        "description",
        "name, title, product, product name, product title, product description, item description, "
        "제품명, 상품명, 품명, 제품 이름, 상품 이름, 제품 설명",
    ),
    _field("price", "retail, retail price, selling price, sale price, 가격, 판매가, 판매 가격, 소비자가"),
    _field("cost", "unit cost, wholesale, wholesale price, dealer price, 원가, 매입가, 공급가, 매입 가격"),
    _field("brand", "brand name, manufacturer, maker, 브랜드, 제조사, 제조업체"),
    _field("mpn", "manufacturer part number, manufacturer part no, 제조사 부품 번호, 제조사 부품번호"),
    _field("sku", "item code, product code, 상품 코드, 상품코드, 제품 코드, 제품코드, 품목 코드"),
    _field("category", "product category, 카테고리, 제품 분류, 상품 분류"),
    # No titles that files use for something else: "web", "online", "sold", "판매중".
    _field("ecommerce", "e commerce, sell online, 이커머스, 온라인 판매 여부"),
    _field("active", "판매 여부"),
    _field("on_hand", "quantity, qty, stock, quantity on hand, qty on hand, 재고, 재고 수량, 재고수량, 수량"),
)
CUSTOMER_FIELDS: Final = (
    _field(
        "number",
        "customer number, customer no, customer code, customer id, code, id, "
        "고객 번호, 고객번호, 고객 코드, 고객코드, 고객 id",
    ),
    _field("name", "full name, customer name, customer, 이름, 성명, 고객명, 고객 이름"),
    _field("first", "first name, firstname, given name"),
    _field("last", "last name, lastname, surname, family name, 성"),
    _field("company", "company name, 회사, 회사명, 상호"),
    _field(
        "email", "e mail, mail, email address, e mail address, 이메일, 이메일 주소, 전자우편", several=True
    ),
    _field(
        "phone",
        "telephone, tel, phone number, home phone, work phone, mobile, mobile phone, cell, cell phone, "
        "cellphone, 전화, 전화번호, 전화 번호, 휴대폰, 휴대폰 번호, 휴대전화, 핸드폰, 연락처",
        several=True,
    ),
    _field(
        "street",
        "address, address 1, address 2, address line 1, address line 2, address1, address2, street 2, "
        "주소, 상세 주소, 상세주소, 도로명 주소",
        several=True,
    ),
    _field("city", "town, 도시, 시/군/구, 시군구"),
    _field("region", "state, province, county, 시/도, 시도"),
    _field("postcode", "post code, postal code, zip, zip code, zipcode, 우편번호, 우편 번호"),
    _field("country", "country code, 국가, 나라, 국가 코드"),
    _field(
        "include_in_mailings",
        "mailings, mailing, newsletter, marketing, 연락망에 포함, 수신 동의, 마케팅 동의, 마케팅 수신 동의",
    ),
)
