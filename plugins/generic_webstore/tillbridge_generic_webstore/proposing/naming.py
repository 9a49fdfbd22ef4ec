"""What webstores call their fields, and what their words for an order's state mean."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from tillbridge_generic_webstore.proposing.looking import Found
from tillbridge_generic_webstore.proposing.money import is_currency, number
from tillbridge_generic_webstore.proposing.times import is_time

_BARCODE: Final = re.compile(r"\d{8}|\d{12,14}")
Fits = Callable[[Any], bool]


def is_text(value: Any) -> bool:
    """Say whether a value is a text with something in it."""
    return isinstance(value, str) and bool(value.strip())


def is_name(value: Any) -> bool:
    """Say whether a value may name something: a text, or a whole number other than 0."""
    return is_text(value) or (isinstance(value, int) and not isinstance(value, bool) and value != 0)


def has_digit(value: Any) -> bool:
    """Say whether a value may be an order's number: a person's name is none."""
    return is_name(value) and any(one.isdigit() for one in str(value))


def is_amount(value: Any) -> bool:
    """Say whether a value is a number, or an amount with its currency."""
    return number(value) is not None


def is_barcode(value: Any) -> bool:
    """Say whether a value has the digits of a barcode."""
    return bool(_BARCODE.fullmatch(str(value)))


def is_mail(value: Any) -> bool:
    """Say whether a value is an e-mail address."""
    return isinstance(value, str) and "@" in value


def anything(_: Any) -> bool:
    """Take whatever stands there."""
    return True


ORDER: Final[Mapping[str, tuple[Fits, tuple[str, ...]]]] = {
    "id": (is_name, ("id", "orderid", "entityid", "receiptid", "uuid", "token", "ref", "orderref")),
    "number": (
        has_digit,
        (
            "ordernumber",
            "incrementid",
            "number",
            "displayid",
            "vendorordernumber",
            "reference",
            "code",
            *("orderno", "ordernr", "docno", "documentnumber", "no"),
            "name",
        ),
    ),
    "placed": (
        is_time,
        (
            "placedat",
            "placed",
            "orderplacedat",
            "dateplaced",
            "datecreatedgmt",
            "orderdatetime",
            "orderdate",
            "dateorder",
            "checkoutcompletedat",
            "completedat",
            "createdat",
            "createdon",
            "createdate",
            "createddate",
            "creationdate",
            "createtimestamp",
            "createdtimestamp",
            "datecreated",
            "created",
            "dateadd",
            "date",
        ),
    ),
    "updated": (
        is_time,
        (
            "datemodifiedgmt",
            "updatedat",
            "modifiedat",
            "modifiedon",
            "datemodified",
            "updatedate",
            "dateupd",
            "updateddate",
            "updatetimestamp",
            "updatedtimestamp",
            "lastmodifieddate",
            "lastmodifiedat",
            "lastmodified",
            "lastupdatedat",
            "writedate",
            "modified",
            "updated",
            "changed",
        ),
    ),
    "currency": (
        is_currency,
        (
            *("currency", "currencycode", "ordercurrencycode", "currencyiso", "currencyisocode"),
            *("cur", "ccy", "curr"),
        ),
    ),
    "total": (
        is_amount,
        (
            "grandtotal",
            "totalprice",
            "totalmoney",
            "totalincltax",
            "totalinctax",
            "totalwithtax",
            "totalgross",
            "amounttotal",
            "totalpaidtaxincl",
            "ordertotal",
            "totalamount",
            "total",
            "amount",
        ),
    ),
    "total_tax": (
        is_amount,
        (
            *("totaltax", "totaltaxmoney", "taxamount", "taxtotal", "totaltaxcost", "amounttax"),
            *("currenttotaltax", "additionaltaxtotal", "tax"),
        ),
    ),
    "note": (
        is_text,
        (
            "customernote",
            "ordercomments",
            "customermessage",
            "messagefrombuyer",
            "specialinstructions",
            "note",
            "comment",
        ),
    ),
}
CUSTOMER: Final[Mapping[str, tuple[Fits, tuple[str, ...]]]] = {
    "id": (is_name, ("customerid", "buyerid", "userid", "idcustomer")),
    "email": (
        is_mail,
        (
            *("customeremail", "billingemail", "contactemail", "email", "emailaddress", "buyeremail"),
            *("mail", "mailaddress"),
        ),
    ),
    "phone": (
        is_text,
        ("customerphone", "billingphone", "phone", "phonenumber", "telephone", "mobile", "tel"),
    ),
    "first_name": (
        is_text,
        ("customerfirstname", "billingfirstname", "firstname", "givenname", "forename", "given"),
    ),
    "last_name": (
        is_text,
        ("customerlastname", "billinglastname", "lastname", "familyname", "surname", "family"),
    ),
    "name": (is_text, ("customername", "customerfullname", "buyername", "fullname")),
}
ADDRESS: Final[Mapping[str, tuple[Fits, tuple[str, ...]]]] = {
    "name": (anything, ("fullname", "name", "recipientname")),
    "company": (anything, ("company", "companyname")),
    "line1": (
        anything,
        ("address1", "addressline1", "streetline1", "street1", "line1", "street", "address", "road"),
    ),
    "line2": (anything, ("address2", "addressline2", "streetline2", "street2", "line2")),
    "city": (anything, ("city", "town", "locality", "line4")),
    "region": (
        anything,
        (
            "stateorprovincecode",
            "provincecode",
            "state",
            "province",
            "region",
            "administrativedistrictlevel1",
        ),
    ),
    "postcode": (anything, ("postcode", "postalcode", "zip", "zipcode", "plz")),
    "country": (anything, ("countryiso2", "countrycode", "country", "countryid", "land")),
    "phone": (anything, ("phone", "phonenumber", "telephone")),
}
LINE: Final[Mapping[str, tuple[Fits, tuple[str, ...]]]] = {
    "id": (
        is_name,
        (
            *("id", "lineitemid", "lineid", "itemid", "orderitemid", "transactionid", "uid"),
            *("pos", "position", "lineno", "linenumber", "row", "rowid"),
        ),
    ),
    "name": (
        is_text,
        (
            "name",
            "title",
            "productname",
            "productnameoriginal",
            "displayname",
            "itemname",
            "label",
            "description",
            "text",
        ),
    ),
    "quantity": (
        is_amount,
        (
            *("quantity", "qtyordered", "quantityordered", "productquantity", "qty", "count", "orderqty"),
            *("pcs", "pieces", "units"),
        ),
    ),
    "sku": (
        is_text,
        (
            *("sku", "partnersku", "productsku", "productreference", "itemsku", "partnumber", "variantsku"),
            *("articlenumber", "articleno", "articlenr", "itemnumber", "itemno", "productcode", "artnr"),
        ),
    ),
    "gtin": (
        is_barcode,
        ("gtin", "globaluniqueid", "ean13", "ean", "upc", "barcode", "productean13", "productupc"),
    ),
    "product_id": (is_name, ("productid", "listingid", "catalogobjectid")),
    "variant_id": (is_name, ("variantid", "variationid", "productvariantid")),
}


def pick(fields: Sequence[Found], fits: Fits, names: Iterable[str]) -> Found | None:
    """Return the field of the best name whose value fits; of two the one that stands higher."""
    ranks = {name: rank for rank, name in enumerate(names)}
    scored = [
        (rank, len(one.path), place)
        for place, one in enumerate(fields)
        if fits(one.value)
        for rank in [min((ranks[key] for key in (one.name, one.long_name) if key in ranks), default=None)]
        if rank is not None
    ]
    return fields[min(scored)[2]] if scored else None
