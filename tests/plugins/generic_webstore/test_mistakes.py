"""Each kind of mistake in a profile gets a message of its own, with its line, in English and Korean."""

import zlib
from dataclasses import dataclass
from itertools import combinations

import pytest

from kiosk_profile import PROFILE
from tillbridge_generic_webstore.language.loading import load_profile
from tillbridge_generic_webstore.language.mistakes import ProfileFaultyError


@dataclass(frozen=True)
class Case:
    """What is changed in the whole profile, and all that is said of it.

    Attributes:
        old: what is taken out of it; "" for its end.
        new: what stands there instead.
        en: the message without the file's name ("12 orders.get: …").
        ko: the same in Korean, from the line on.
    """

    old: str
    new: str
    en: str
    ko: str


SYNTAX = {
    "a list that is not closed": Case(
        'order = "order.id"\n',
        'order = ["a",\n',
        "51: a list is not closed: a ] or a comma is missing",
        "51: 목록이 닫히지 않았습니다. ] 또는 쉼표가 빠졌습니다",
    ),
    "a table in braces over several lines": Case(
        'shipping", net',
        'shipping",\n net',
        "34: a table in braces must stay on one line; write it as a table of its own, [name], to spread it",
        "34: 중괄호 테이블은 한 줄에 써야 합니다. 여러 줄로 쓰려면 [이름] 테이블로 작성해 주세요",
    ),
    "a key twice": Case(
        'number = "number"',
        'id = "number"',
        "28: this key or table is there already",
        "28: 이미 있는 키 또는 테이블입니다",
    ),
    "a table twice": Case(
        "[webhook]",
        "[lines]",
        "49: this key or table is there already",
        "49: 이미 있는 키 또는 테이블입니다",
    ),
    "a table that braces have made": Case(
        "[settings]",
        'defaults.country = "KR"',
        "4: this table was made complete in braces or by dots above; nothing can be added to it here",
        "4: 위에서 중괄호나 점으로 이미 완성한 테이블이므로 여기서 추가할 수 없습니다",
    ),
    "a text without quotes": Case(
        'number = "number"',
        "number = number",
        "28: the value cannot be read; texts stand in quotes",
        "28: 값을 읽을 수 없습니다. 문자열은 따옴표로 감싸 주세요",
    ),
    "a backslash in double quotes": Case(
        '"number"',
        r'"match(number, \'\d+\')"',
        "28: a backslash in double quotes begins an escape; write the text in single quotes",
        "28: 큰따옴표 안의 역슬래시는 이스케이프로 해석됩니다. 작은따옴표로 감싸 주세요",
    ),
    "a text that is not closed": Case(
        'number = "number"',
        'number = "number',
        "28: a text does not end on its line; close it, or write it between three quotes",
        "28: 문자열이 같은 줄에서 끝나지 않습니다. 따옴표를 닫거나 따옴표 세 개로 감싸 주세요",
    ),
    "two values in one line": Case(
        'number = "number"',
        'number = "number", "id"',
        "28: something follows the value on its line; a list is written in [ ]",
        "28: 값 뒤에 다른 내용이 있습니다. 목록은 [ ] 안에 써 주세요",
    ),
    "a key without a value": Case(
        'number = "number"', "number", "28: a = is missing after the key", "28: 키 뒤에 =가 없습니다"
    ),
    "a table's name that is not closed": Case(
        "[lines]",
        "[lines",
        "37: a table's name is not closed by ]",
        "37: 테이블 이름이 ]로 닫히지 않았습니다",
    ),
}
KEYS = {
    "a key that is misspelt": Case(
        'number = "number"',
        'numbr = "number"',
        "28 order.numbr: there is no such key here; did you mean number?",
        "28 order.numbr: 여기에는 이런 키가 없습니다. 혹시 number인가요?",
    ),
    "a key of another table": Case(
        'number = "number"',
        'gtin = "ean"',
        "28 order.gtin: there is no such key here; it belongs into [lines], [listings]",
        "28 order.gtin: 여기에는 이런 키가 없습니다. [lines], [listings]에 들어가는 키입니다",
    ),
    "a key that nothing knows": Case(
        'title = "Kiosk"',
        'title = "Kiosk"\nwhatever = 1',
        "2 whatever: there is no such key here; allowed are: "
        "title, about, settings, defaults, connect, orders, "
        "order, lines, listings, push, webhook",
        "2 whatever: 여기에는 이런 키가 없습니다. 쓸 수 있는 "
        "키: title, about, settings, defaults, connect, orders, "
        "order, lines, listings, push, webhook",
    ),
    "a key that is missing": Case(
        'currency = "currency"\n', "", "26 order.currency: is missing", "26 order.currency: 값이 없습니다"
    ),
    "a table that is missing": Case(
        PROFILE[PROFILE.index("[lines]") : PROFILE.index("[push]")],
        "",
        "1 lines: this table is missing",
        "1 lines: 이 테이블이 없습니다",
    ),
    "a number in the place of an expression": Case(
        'number = "number"',
        "number = 5",
        "28 order.number: must be an expression; 5 came",
        "28 order.number: 식 형식이어야 합니다(입력한 값: 5)",
    ),
    "a text in the place of a table": Case(
        'auth = { bearer = "{token}" }',
        'auth = "{token}"',
        '10 connect.auth: must be a table; "{token}" came',
        '10 connect.auth: 테이블 형식이어야 합니다(입력한 값: "{token}")',
    ),
    "a table in the place of a list": Case(
        'not_an_order = [{ when = "state==\'draft\'", reason = "a draft" }]',
        'not_an_order = { when = "state==\'draft\'", reason = "a draft" }',
        "19 orders.not_an_order: must be a list; a table came",
        "19 orders.not_an_order: 목록 형식이어야 합니다(입력한 값: 테이블)",
    ),
    "a text in the place of true or false": Case(
        'hmac = { header = "X-Kiosk-Signature", key = "{token}" }',
        'unsigned = "maybe"',
        '50 webhook.unsigned: must be true or false; "maybe" came',
        '50 webhook.unsigned: true 또는 false 형식이어야 합니다(입력한 값: "maybe")',
    ),
    "a number below its limit": Case(
        'by = "since" }',
        'by = "since", size = 0 }',
        "16 orders.paging.size: must be at least 1; 0 came",
        "16 orders.paging.size: 1 이상이어야 합니다(입력한 값: 0)",
    ),
    "a word that is nearly one": Case(
        'done = "fulfilled"',
        'done = "fullfilled"',
        '33 order.standing[1].map.done: "fullfilled" is not allowed; did you mean "fulfilled"? '
        "(unpaid, open, fulfilled, cancelled, refunded, -)",
        '33 order.standing[1].map.done: "fullfilled"는 쓸 수 없는 값입니다. 혹시 "fulfilled"인가요? '
        "(쓸 수 있는 값: unpaid, open, fulfilled, cancelled, refunded, -)",
    ),
    "a required key that is misspelt, told once": Case(
        'total = "total"',
        'totl = "total"',
        "32 order.totl: there is no such key here; did you mean total?",
        "32 order.totl: 여기에는 이런 키가 없습니다. 혹시 total인가요?",
    ),
    "a key that is one of a few words": Case(
        "[push]",
        '[push]\nstatus = { put = "o", map = { acepted = "open" }, repeat = "natural" }',
        "47 push.status.map.acepted: there is no such key here; did you mean accepted?",
        "47 push.status.map.acepted: 여기에는 이런 키가 없습니다. 혹시 accepted인가요?",
    ),
    "a word where a table may stand too": Case(
        'money = "major"',
        'money = "cents"',
        '2 defaults.money: must be "major", "minor" or a table; "cents" came',
        '2 defaults.money: "major", "minor" 또는 테이블 형식이어야 합니다(입력한 값: "cents")',
    ),
    "a key of one form of several": Case(
        'money = "major"',
        'money = { ammount = "value" }',
        "2 defaults.money.ammount: there is no such key here; did you mean amount?",
        "2 defaults.money.ammount: 여기에는 이런 키가 없습니다. 혹시 amount인가요?",
    ),
    "nothing between the quotes": Case(
        'title = "Kiosk"', 'title = ""', "1 title: is empty", "1 title: 비어 있습니다"
    ),
}
REACHING = {
    "a setting with a capital": Case(
        'url = { ask = "Address", kind = "url" }',
        'URL = { ask = "Address", kind = "url" }\nurl = { ask = "Address" }',
        "5 settings.URL: a setting's name is of small letters, digits and _, so that {name} can stand for it",
        "5 settings.URL: 설정 이름은 {이름}으로 쓸 수 있도록 영문 소문자, 숫자, _로 지어 주세요",
    ),
    "a setting that is used nowhere": Case(
        "[connect]",
        'shop = { ask = "Shop" }\n[connect]',
        "8 settings.shop: is asked for, but {shop} stands nowhere",
        "8 settings.shop: 입력을 요청하지만 {shop}을(를) 쓰는 곳이 없습니다",
    ),
    "a secret with a default": Case(
        "secret = true",
        'secret = true, default = "t"',
        "6 settings.token.default: a secret has no default: it would stand in the file",
        "6 settings.token.default: 비밀 값은 파일에 남게 되므로 기본값을 둘 수 없습니다",
    ),
    "a choice of nothing": Case(
        'kind = "url"',
        'kind = "choice"',
        '5 settings.url: kind = "choice" and choices = [...] go together',
        '5 settings.url: kind = "choice"와 choices = [...]는 함께 써야 합니다',
    ),
    "a default that is no choice": Case(
        'kind = "url"',
        'kind = "choice", choices = ["eu", "us"], default = "kr"',
        '5 settings.url.default: "kr" is not allowed (eu, us)',
        '5 settings.url.default: "kr"는 쓸 수 없는 값입니다. (쓸 수 있는 값: eu, us)',
    ),
    "a pattern without words": Case(
        "secret = true",
        'secret = true, pattern = "t_.+"',
        "6 settings.token: pattern and fits go together: what fits is told in words",
        "6 settings.token: pattern과 fits는 함께 써야 합니다. 무엇이 맞는지 말로 알려 주기 위해서입니다",
    ),
    "a form that is needed and only usual": Case(
        "secret = true",
        'secret = true, pattern = "t_.+", usual = "t_.+", fits = "t_ and more"',
        "6 settings.token: pattern and usual stand together: a form is needed, or only usual",
        "6 settings.token: pattern과 usual이 함께 있습니다. 꼭 맞아야 하는 형식인지 보통의 형식인지 "
        "하나만 써 주세요",
    ),
    "a usual form without words": Case(
        "secret = true",
        'secret = true, usual = "t_.+"',
        "6 settings.token: usual and fits go together: what fits is told in words",
        "6 settings.token: usual과 fits는 함께 써야 합니다. 무엇이 맞는지 말로 알려 주기 위해서입니다",
    ),
    "a pattern that is none": Case(
        "secret = true",
        'secret = true, pattern = "t_(", fits = "t_ and more"',
        "6 settings.token.pattern: is no regular expression: "
        "missing ), unterminated subpattern at position 2",
        "6 settings.token.pattern: 정규식이 아닙니다: missing ), unterminated subpattern at position 2",
    ),
    "a pattern of a zone": Case(
        "secret = true",
        'kind = "zone", pattern = "Asia/.+", fits = "a zone in Asia"',
        '6 settings.token.pattern: kind = "zone" says already what is accepted',
        '6 settings.token.pattern: kind = "zone"에 이미 허용되는 값이 정해져 있습니다',
    ),
    "a zone by its city": Case(
        "Asia/Seoul",
        "Sydney",
        '2 defaults.zone: "Sydney" is no time zone (Australia/Sydney?)',
        '2 defaults.zone: "Sydney"는 시간대가 아닙니다 (Australia/Sydney?)',
    ),
    "a country's name": Case(
        'zone = "Asia/Seoul"',
        'country = "Korea"',
        '2 defaults.country: "Korea" is no country: two capital letters, such as KR',
        '2 defaults.country: "Korea"는 국가 코드가 아닙니다. KR처럼 대문자 두 글자로 써 주세요',
    ),
    "an address without https": Case(
        'base = "{url}/api/"',
        'base = "kiosk.example/{url}"',
        '9 connect.base: "kiosk.example/{url}" is no address: '
        "it begins with https:// or a setting, such as {url}",
        '9 connect.base: "kiosk.example/{url}"은(는) 주소가 '
        "아닙니다. https:// 또는 {url} 같은 설정으로 시작해야 합니다",
    ),
    "two ways to sign": Case(
        'auth = { bearer = "{token}" }',
        'auth = { bearer = "{token}", query = { key = "{token}" } }',
        "10 connect.auth: bearer and query stand together; a request is signed in one way",
        "10 connect.auth: bearer, query가 함께 있습니다. 인증 방식은 하나만 쓸 수 있습니다",
    ),
    "no way to sign": Case(
        'auth = { bearer = "{token}" }',
        "auth = {}",
        "10 connect.auth: names no way to sign: one of basic, "
        "bearer, header, query, oauth1, oauth2, login, python",
        "10 connect.auth: 인증 방식이 없습니다. 다음 중 하나를 써 주세요: "
        "basic, bearer, header, query, oauth1, oauth2, login, python",
    ),
    "a setting that expressions name and nobody asks": Case(
        'currency = "currency"',
        'currency = "_settings.currency"',
        "31 order.currency: there is no setting currency (url)",
        "31 order.currency: currency 설정이 없습니다(있는 설정: url)",
    ),
    "a secret in an expression": Case(
        'number = "number"',
        'number = "_settings.token"',
        "28 order.number: _settings.token is a secret; expressions see none",
        "28 order.number: _settings.token은 비밀 값이므로 식에서 쓸 수 없습니다",
    ),
    "a part that is not declared": Case(
        'from = "_parts.items"',
        'from = "_parts.item"',
        "38 lines.from: there is no part item; did you mean _parts.items? (items)",
        "38 lines.from: item 부분이 없습니다. 혹시 _parts.items인가요? (있는 부분: items)",
    ),
}
CALLS = {
    "two methods": Case(
        'get = "orders"\n',
        'get = "orders"\npost = "orders"\n',
        "12 orders: get and post stand together; a request has one of them",
        "12 orders: get, post이(가) 함께 있습니다. 요청에는 하나만 쓸 수 있습니다",
    ),
    "no method": Case(
        'one = { get = "orders/{id}" }',
        'one = { query = { id = "{id}" } }',
        "18 orders.one: names no request: one of get, post, put, patch, delete, graphql is missing",
        "18 orders.one: 요청이 없습니다. 다음 중 하나가 필요합니다: get, post, put, patch, delete, graphql",
    ),
    "variables without graphql": Case(
        'one = { get = "orders/{id}" }',
        'one = { post = "orders", variables = { id = "{id}" } }',
        "18 orders.one.variables: variables go with graphql; elsewhere it is body or query",
        "18 orders.one.variables: variables는 graphql과 함께 씁니다. 그 밖에는 body 또는 query를 써 주세요",
    ),
    "a body of a get": Case(
        'one = { get = "orders/{id}" }',
        'one = { get = "orders", body = { id = "{id}" } }',
        "18 orders.one.body: a get has no body; use query, or post",
        "18 orders.one.body: get 요청에는 본문이 없습니다. query 또는 post를 써 주세요",
    ),
    "a body and a form": Case(
        'one = { get = "orders/{id}" }',
        'one = { post = "orders", body = { id = "{id}" }, form = { a = "b" } }',
        "18 orders.one.form: body and form stand together; a request has one of them",
        "18 orders.one.form: body와 form이 함께 있습니다. 하나만 쓸 수 있습니다",
    ),
    "a part that is asked for and stands beside the list": Case(
        'path = "orders/{key}/items"',
        'path = "orders/{key}/items"\nbeside = "included[]"',
        "21 orders.parts.items: path and beside stand together; a request has one of them",
        "21 orders.parts.items: path, beside가 함께 있습니다. 요청에는 하나만 쓸 수 있습니다",
    ),
    "a part that asks the same for all": Case(
        'path = "orders/{key}/items"',
        'path = "items"',
        "21 orders.parts.items: asks the same for every key: {key} stands nowhere in it",
        "21 orders.parts.items: {key}가 없어 모든 키에 같은 요청을 보냅니다",
    ),
    "a batch without its keys": Case(
        'path = "orders/{key}/items"',
        'path = "orders/{key}/items"\nbatch = 10',
        "24 orders.parts.items.batch: batch needs {keys}: where the keys of a batch go",
        "24 orders.parts.items.batch: batch에는 키 묶음이 들어갈 {keys}가 필요합니다",
    ),
    "keys without a batch": Case(
        'path = "orders/{key}/items"',
        'path = "items?orders={keys}"',
        "21 orders.parts.items: {keys} needs batch: how many keys go in one request",
        "21 orders.parts.items: {keys}에는 한 요청에 넣을 키 개수인 batch가 필요합니다",
    ),
    "a part called order": Case(
        "[order]\n",
        '[orders.parts.order]\nfor = "id"\npath = "x/{key}"\n\n[order]\n',
        '26 orders.parts.order: "order" is the order itself; give the part another name',
        '26 orders.parts.order: "order"는 주문 자체입니다. 다른 이름을 써 주세요',
    ),
    "pages that nobody asks for": Case(
        'paging = { by = "since" }\nsince = { from = "updated", overlap = "2s" }',
        'paging = { by = "offset" }\nsince = { from = "placed", overlap = "2s" }',
        '16 orders.paging: by = "offset" needs {offset} in the request',
        '16 orders.paging: by = "offset"에는 요청에 {offset}이(가) 필요합니다',
    ),
    "a cursor from nowhere": Case(
        'paging = { by = "since" }',
        'paging = { by = "next" }',
        '16 orders.paging: by = "next" needs at: where the answer says how it goes on',
        '16 orders.paging: by = "next"에는 다음 위치가 있는 곳을 나타내는 at이 필요합니다',
    ),
    "a cursor that nobody looks at": Case(
        'paging = { by = "since" }',
        'paging = { by = "since", at = "next" }',
        '16 orders.paging.at: by = "since" does not look at it; by = "cursor" or "next" does',
        '16 orders.paging.at: by = "since"에서는 쓰이지 않습니다. by = "cursor" 또는 "next"에서 씁니다',
    ),
    "pages of a list that moves": Case(
        'paging = { by = "since" }',
        'paging = { by = "page" }',
        '16 orders.paging: by = "page" over a list sorted by its update time loses orders that change while '
        'it is read: by = "since"',
        '16 orders.paging: 수정 시각순 목록을 by = "page"로 '
        '읽으면 읽는 동안 바뀐 주문이 빠집니다: by = "since"',
    ),
    "a list that is never asked for what is new": Case(
        'since = "{since}", ',
        "",
        "12 orders: nothing asks for what is new: put {since} "
        "into the request, or, where the webstore has no such "
        'filter and lists the newest first, say since = { none = "stop at known" }',
        "12 orders: 새 주문만 요청하지 않습니다. 요청에 {since}를 넣거나, 그런 필터가 없고 최신순 목록이라면 "
        'since = { none = "stop at known" }을 써 주세요',
    ),
    "a filter that is denied": Case(
        'paging = { by = "since" }\nsince = { from = "updated", overlap = "2s" }',
        'paging = { by = "page" }\nsince = { none = "stop at known" }',
        "17 orders.since.none: {since} stands in the request: the list is filtered or not, both cannot be",
        "17 orders.since.none: 요청에 {since}가 있습니다. 필터가 있거나 없거나 둘 중 하나만 가능합니다",
    ),
    "an update time that is nowhere": Case(
        'updated = "changed"\n',
        "",
        '26 order: updated is missing: the list is asked by it; or since = { from = "placed" }',
        "26 order: updated가 없습니다. 목록을 요청하는 "
        '기준입니다. 또는 since = { from = "placed" }를 써 주세요',
    ),
    "a form of times that writes none": Case(
        'overlap = "2s"',
        'format = "YYYY-MM-DD"',
        '17 orders.since.format: "YYYY-MM-DD" writes no time: such as %Y-%m-%dT%H:%M:%SZ, epoch or epoch_ms',
        '17 orders.since.format: "YYYY-MM-DD"는 시각 형식이 '
        "아닙니다. 예: %Y-%m-%dT%H:%M:%SZ, epoch, epoch_ms",
    ),
    "a length of time": Case(
        'overlap = "2s"',
        'overlap = "2 seconds"',
        '17 orders.since.overlap: "2 seconds" is no length of time: such as 2s, 5m, 1h or 30d',
        '17 orders.since.overlap: "2 seconds"는 기간이 아닙니다. 예: 2s, 5m, 1h, 30d',
    ),
    "a gone that says nothing": Case(
        'one = { get = "orders/{id}" }',
        'one = { get = "orders/{id}", gone = {} }',
        "18 orders.one.gone: says nothing: status, when, or both",
        "18 orders.one.gone: 내용이 없습니다. status, when 또는 둘 다 써 주세요",
    ),
}
FIELDS = {
    "a constant without quotes": Case(
        'currency = "currency"',
        'currency = "KRW"',
        "31 order.currency: KRW is read as the name of a field; a constant stands in quotes: \"'KRW'\"",
        "31 order.currency: KRW는 필드 이름으로 읽힙니다. 상수는 따옴표로 감싸 주세요: \"'KRW'\"",
    ),
    "kinds of nothing": Case(
        'number = "number"',
        'kinds = { pickup = "bopis" }',
        "28 order.kinds: kinds needs kind: which field says it",
        "28 order.kinds: kinds에는 어느 필드인지 나타내는 kind가 필요합니다",
    ),
    "a value that is mapped and ignored": Case(
        'ignore = ["trash"]',
        'ignore = ["done"]',
        '33 order.standing[1].ignore: "done" is ignored here and mapped above to fulfilled',
        '33 order.standing[1].ignore: "done"은 여기서 무시하면서 위에서 fulfilled로 지정했습니다',
    ),
    "net alone": Case(
        'tax = "tax"\n',
        "",
        "37 lines: net alone says nothing of tax: add tax, gross or tax_rate",
        "37 lines: net만으로는 세금을 알 수 없습니다. tax, gross 또는 tax_rate를 추가해 주세요",
    ),
    "no amount": Case(
        'net = "net"\ntax = "tax"\n',
        "",
        "37 lines: there is no amount: say net and tax, net "
        "and gross, gross and tax, or amount and includes_tax",
        "37 lines: 금액이 없습니다. net과 tax, net과 gross, "
        "gross와 tax, 또는 amount와 includes_tax를 적어 주세요",
    ),
    "an amount of unknown kind": Case(
        'net = "net"\ntax = "tax"\n',
        'amount = "price"\n',
        "37 lines: amount alone says nothing of tax: add includes_tax",
        "37 lines: amount만으로는 세금을 알 수 없습니다. includes_tax를 추가해 주세요",
    ),
    "an amount beside net": Case(
        'tax = "tax"\n',
        'amount = "price"\n',
        "37 lines: say amount, or net and gross, not both",
        "37 lines: amount와 net·gross를 함께 쓸 수 없습니다",
    ),
    "an object of money without its amount": Case(
        'money = "major"',
        'money = { currency = "code" }',
        "2 defaults.money: amount is missing: the name of the amount within the object",
        "2 defaults.money: 객체 안의 금액 이름인 amount가 없습니다",
    ),
    "decimals said twice": Case(
        'money = "major"',
        'money = { unit = "minor", amount = "amount", divisor = "divisor" }',
        '2 defaults.money: divisor says how many decimals there are; unit = "minor" does too',
        '2 defaults.money: divisor와 unit = "minor"는 둘 다 소수 자릿수를 나타냅니다. 하나만 써 주세요',
    ),
}
EXPRESSIONS = {
    "a function that does not exist": Case(
        'total = "total"',
        'total = "sum(items[].price)"',
        "32 order.total: there is no function sum(); for money use total()",
        "32 order.total: sum() 함수는 없습니다. 금액에는 total()을 씁니다",
    ),
    "a bracket too many": Case(
        'sku = "sku"',
        'sku = "codes[0]]"',
        '42 lines.sku: unexpected "]" at character 9',
        '42 lines.sku: 9번째 글자의 "]"은(는) 올 수 없습니다',
    ),
    "too few arguments": Case(
        'name = "title"',
        'name = "find(titles)"',
        "40 lines.name: find() is written find(list, 'field', value); here it has 1 value",
        "40 lines.name: find()은 find(list, 'field', value) 형식으로 씁니다. 여기에는 값이 1개 있습니다",
    ),
    "a name that stands for nothing": Case(
        'name = "title"',
        'name = "_product.title"',
        "40 lines.name: there is no _product here; there is: _order, "
        "_parts, _settings. A field of this name is written @._product",
        "40 lines.name: 여기에는 _product이(가) 없습니다. 쓸 수 있는 "
        "이름: _order, _parts, _settings. 필드는 @._product(으)로 씁니다",
    ),
}
TELLING = {
    "a push that may not be repeated": Case(
        ', repeat = "natural"',
        "",
        '47 push.stock[1]: no repeat: may this be sent twice? ("natural", { key = … }, { look = … })',
        '47 push.stock[1]: repeat가 없습니다. 두 번 보내도 되나요? ("natural", { key = … }, { look = … })',
    ),
    "a refund that counts twice": Case(
        'order = "order.id"',
        'order = "order.id"\n[push.refunded]\npost = "orders/{order_id}/refunds"\nrepeat = "natural"',
        "54 push.refunded.repeat: a refund is no state, and told twice it counts twice: { key = … }, "
        "{ look = … }, or steps of which one looks (done, unless)",
        "54 push.refunded.repeat: 환불은 상태가 아니므로 두 번 알리면 두 번 계산됩니다. { key = … }, "
        "{ look = … } 또는 먼저 확인하는 단계(done, unless)가 필요합니다",
    ),
    "a webhook that nobody signs": Case(
        'hmac = { header = "X-Kiosk-Signature", key = "{token}" }\n',
        "",
        "49 webhook: no signature: hmac, jwt or token; say unsigned = true if the webstore signs none",
        "49 webhook: 서명이 없습니다. hmac, jwt 또는 token을 쓰고, "
        "웹스토어가 서명하지 않으면 unsigned = true를 써 주세요",
    ),
    "a webhook that is signed and not": Case(
        'order = "order.id"',
        'order = "order.id"\nunsigned = true',
        "52 webhook.unsigned: hmac stands beside it: it is signed or not",
        "52 webhook.unsigned: hmac이(가) 함께 있습니다. 서명이 있거나 없거나 둘 중 하나여야 합니다",
    ),
    "a token that comes nowhere": Case(
        'hmac = { header = "X-Kiosk-Signature", key = "{token}" }',
        'token = "{token}"',
        "49 webhook: token needs token_header or token_query: where it comes",
        "49 webhook: token에는 오는 곳을 나타내는 token_header 또는 token_query가 필요합니다",
    ),
    "a webhook about no order": Case(
        'order = "order.id"\n',
        "",
        "49 webhook: order is missing: where the order's ID is",
        "49 webhook: 주문 ID가 있는 곳을 나타내는 order가 없습니다",
    ),
}
CASES = SYNTAX | KEYS | REACHING | CALLS | FIELDS | EXPRESSIONS | TELLING


def with_mistake(case: Case) -> str:
    assert case.old in PROFILE
    return PROFILE.replace(case.old, case.new, 1) if case.old else PROFILE + case.new


def told(text: str) -> ProfileFaultyError:
    with pytest.raises(ProfileFaultyError) as caught:
        load_profile(text, "shop.toml")
    return caught.value


def test_the_whole_profile_has_no_mistake():
    assert load_profile(PROFILE, "shop.toml").profile.title == "Kiosk"


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_each_mistake_is_told_with_its_line_and_alone(case: Case):
    words = told(with_mistake(case)).words

    assert (words.en, words.ko) == (f"shop.toml:{case.en}", f"shop.toml:{case.ko}")


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file():
    text = PROFILE
    for name in ("a key that is misspelt", "a table that is missing", "a length of time"):
        case = CASES[name]
        text = text.replace(case.old, case.new, 1) if case.old in text else text
    text = text.replace('fulfilled"', 'full"')

    assert [f"{one.line} {one.place}" for one in told(text).mistakes] == [
        "1 lines",
        "17 orders.since.overlap",
        "28 order.numbr",
        "33 order.standing[1].map.done",
    ]


def test_a_faulty_table_hides_no_mistake_of_another():
    text = PROFILE.replace('from = "_parts.items"', 'from = "_parts.itms"').replace(
        'get = "orders"', "get = 5"
    )

    assert [one.place for one in told(text).mistakes] == ["orders.get", "lines.from"]


def test_what_a_misspelt_key_says_is_looked_at_as_that_of_the_key_that_was_meant():
    text = (
        PROFILE.replace('total = "total"', 'totl = "sum(total)"')
        .replace("[lines]", "[lnes]")
        .replace('sku = "sku"', 'sku = "codes[0]]"')
    )

    error = told(text)

    assert [f"{one.line} {one.place}: {one.words.en}" for one in error.mistakes] == [
        "32 order.totl: there is no such key here; did you mean total?",
        "32 order.totl: there is no function sum(); for money use total()",
        "37 lnes: there is no such key here; did you mean lines?",
        '42 lnes.sku: unexpected "]" at character 9',
    ]
    assert not error.more


def test_a_table_that_should_stand_in_a_list_is_looked_at_too():
    case = CASES["a table in the place of a list"]
    text = with_mistake(case).replace("state=='draft'", "state=='draft' ]")

    assert [one.place for one in told(text).mistakes] == ["orders.not_an_order", "orders.not_an_order.when"]


def test_what_is_wrong_with_a_table_is_told_beside_a_wrong_key_in_it():
    """Which of the two is mended first makes no difference, as neither follows from the other."""
    text = PROFILE.replace('updated = "changed"\n', "").replace('number = "number"', "number = 5")

    assert [one.place for one in told(text).mistakes] == ["order", "order.number"]


def test_what_follows_from_a_faulty_value_is_not_told():
    """A setting, a part and a request that are there, only wrong."""
    text = PROFILE.replace('url = { ask = "Address", kind = "url" }', 'url = "Address"').replace(
        'for = "id"\n', "for = 1\n"
    )
    text = text.replace('get = "orders"\n', "get = 5\n")

    assert [one.place for one in told(text).mistakes] == [
        "settings.url",
        "orders.get",
        "orders.parts.items.for",
    ]


@pytest.mark.parametrize(
    ("old", "new", "more"),
    [
        ('number = "number"', "number = 5", False),
        ('number = "number"', 'numbr = "number"', False),
        ("[lines]", "[lnes]", False),
        ("[webhook]", "[something]", True),
        ('title = "Kiosk"', 'title = "Kiosk', True),
        ('auth = { bearer = "{token}" }', 'auth = [{ bearer = "{token}" }]', True),
    ],
)
def test_that_more_may_follow_is_said_where_something_could_not_be_looked_at(old, new, more):
    assert told(PROFILE.replace(old, new, 1)).more is more


PAIRS = [
    pair
    for pair in combinations([name for name in CASES if name not in SYNTAX], 2)
    if zlib.crc32("".join(pair).encode()) % 40 == 0
]


@pytest.mark.parametrize("pair", PAIRS, ids=" + ".join)
def test_two_mistakes_are_told_at_once_and_each_of_them_once(pair: tuple[str, str]):
    """A sample of all pairs; those of which one takes away what the other is about are no pair."""
    first, second = (CASES[name] for name in pair)
    both = with_mistake(first)
    if second.old not in both or first.new not in both.replace(second.old, second.new, 1):
        pytest.skip("one is where the other is")
    both = both.replace(second.old, second.new, 1) if second.old else both + second.new

    alone = {said for case in (first, second) for said in said_of(with_mistake(case))}

    assert sorted(said_of(both)) == sorted(alone)


def said_of(text: str) -> list[str]:
    """What is said, without what is there instead: of that there is more where something is added."""
    return [one.words.en.partition(" (")[0] for one in told(text).mistakes]


def test_an_error_remembers_where_each_mistake_is():
    error = told(with_mistake(CASES["net alone"]))

    assert error.file == "shop.toml"
    assert [(one.path, one.line) for one in error.mistakes] == [(("lines",), 37)]
