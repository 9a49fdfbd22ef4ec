"""Stock and prices to the webstores, by command."""

import pytest

from tillbridge import plugins
from tillbridge.engine import Engine
from tillbridge.model.exchange import Outcome, Receipt
from tillbridge.model.identifiers import IdentifierKind
from tillbridge.model.listings import Listing
from tillbridge.model.orders import LineIdentifier
from tillbridge.model.words import Words
from tillbridge.provider import Capability
from tillbridge.testing.storefront import MemoryStorefront
from tillbridge.testing.webstore import NAME

pytestmark = pytest.mark.row("S15")


@pytest.fixture
def webstore(monkeypatch):
    """A webstore that takes stock, in the place of the one that only sends orders."""
    webstore = MemoryStorefront()
    load = plugins.load
    monkeypatch.setattr(plugins, "load", lambda *_, **more: load([], extra={NAME: webstore}, **more))
    return webstore


@pytest.fixture
def front(shop):
    """The shop, connected."""
    shop.connect()
    return shop


def test_before_anything_is_set_the_commands_say_how_to_begin(front):
    assert "tillbridge export set --help" in front("export", "status").text
    answer = front("export", "run", "web")

    assert 3 == answer.code
    assert "tillbridge export set" in answer.err


def test_an_export_is_set_run_and_looked_at(front):
    told = front("export", "set", "web", "--every", "60", "--buffer", "1")
    assert "looked at every 60 minutes" in told.text
    seen = front("export", "run", "web", "--dry-run", "--json").data["web"]
    done = front("export", "run", "web", "--json").data["web"]
    (state,) = front("export", "status", "--json").data

    assert (2, 0, 2) == (seen["due"], seen["accepted"], len(seen["items"]))
    assert {"due": 2, "accepted": 2, "refused": 0, "held": 0, "trouble": None}.items() <= done.items()
    assert {"shown": 2, "due": 0, "every_minutes": 60}.items() <= state.items()
    assert [9, 9] == [offer.quantity for offer in front.webstore.shown.values()]


def test_what_is_not_given_stays_as_it_was_set(front):
    front("export", "set", "web", "--every", "60", "--buffer", "1", "--product-buffer", "P1=0")
    rules = front("export", "set", "web", "--category-buffer", "헬멧=3", "--json").data

    assert 60 == rules["every_minutes"]
    assert {"every": 1, "categories": {"헬멧": 3}, "products": {"P1": 0}} == rules["rules"]["buffers"]


def test_a_refused_product_is_listed_with_its_reason_in_both_languages(front):
    front.webstore.answer = lambda _: Receipt(
        Outcome.REFUSED, Words("Not listed.", "등록되지 않은 제품입니다.")
    )
    front("export", "set", "web")
    front("export", "run", "web")

    assert "Not listed." in front("export", "items", "web", "--which", "refused").text
    assert (
        "등록되지 않은 제품입니다."
        in front("export", "items", "web", "--which", "refused", "--lang", "ko").text
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["items", "web", "--which", "gone"], "due, refused, held, pending, all"),
        (["set", "web", "--product-buffer", "P1=many"], "A whole number from 0 on"),
        (["set", "web", "--buffer", "-1"], "0 is the least"),
        (["release", "web", "P9"], "Nothing of P9 is held"),
        (["status", "nowhere"], "nowhere"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(front, arguments, said):
    answer = front("export", *arguments)

    assert 2 == answer.code
    assert said in answer.err


# What the webstore lists


@pytest.fixture
def lists(front):
    """The webstore has a product list, with an item that nobody knows."""
    front.webstore.takes = frozenset({Capability.INVENTORY, Capability.LISTINGS})
    number = LineIdentifier(kind=IdentifierKind.GTIN, value="00012345678905")
    front.webstore.listings = [Listing(id="L7", title="물통", identifiers=(number,))]
    return front


def test_what_would_not_match_is_listed_with_its_fix_in_both_languages(lists):
    english, korean = lists("export", "check", "web"), lists("export", "check", "web", "--lang", "ko")

    assert 0 == english.code
    assert "lists 1 items that can be ordered" in english.text
    assert "no match: 1, not listed: 2" in english.text
    for words in ("L7", "00012345678905", "tillbridge product search"):
        assert words in english.text
    assert "제품 없음: 1, 미등록: 2" in korean.text


def test_a_script_gets_every_problem_with_its_fault_and_fix(lists):
    data = lists("export", "check", "web", "--json", "--limit", "1").data
    (problem,) = data["problems"]

    assert (1, {"unmatched": 1, "not listed": 2}) == (data["listed"], data["counts"])
    assert ("unmatched", "L7", [], "tillbridge product search") == tuple(
        problem[name] for name in ("fault", "item", "products", "command")
    )
    assert problem["what_ko"]


def test_a_webstore_without_a_product_list_says_so_and_claims_no_more_than_is_known(front):
    front("export", "set", "web")
    before = front("export", "check", "web").text
    front("export", "run", "web")
    after = front("export", "check", "web").text

    assert "has no product list to read" in before
    assert "It was told no stock and prices yet, so nothing is known" in before
    assert "It refused nothing, and no two products have one barcode." in after
    assert "All is well." not in before + after


# What is said where there is nothing to say


@pytest.mark.parametrize(
    ("which", "said"),
    [
        ("due", "web: nothing is left to tell since it was looked at last."),
        ("refused", "web: no product is refused."),
        ("held", "web: no product is held."),
        ("pending", "web: no answer is pending."),
        ("all", "web: no product was looked at yet."),
    ],
)
def test_a_list_without_products_says_what_there_is_none_of(front, which, said):
    front("export", "set", "web")

    assert said in front("export", "items", "web", "--which", which).text


def test_an_export_that_finds_nothing_new_says_so_in_both_languages(front):
    front("export", "set", "web")
    first = front("export", "run", "web").text
    english = [front("export", "run", "web", *more).text for more in ([], ["--dry-run"])]

    assert "nothing changed" not in first
    assert all("web: nothing changed since it was told last." in one for one in english)
    assert "web: 마지막 전달 이후 바뀐 내용이 없습니다." in front("export", "run", "web", "--lang", "ko").text


def test_a_dry_run_of_everything_lists_what_it_counts(front):
    front("export", "set", "web")
    front("export", "run", "web")

    seen = front("export", "run", "web", "--all", "--dry-run", "--json").data["web"]
    assert (2, 2) == (seen["due"], len(seen["items"]))


def test_a_dry_run_of_more_than_it_lists_says_how_many_there_are(front, monkeypatch):
    front("export", "set", "web")
    listed = Engine.export_items
    monkeypatch.setattr(Engine, "export_items", lambda *given: listed(*given)[:1])

    assert "And 1 more: `tillbridge export items web --which due --limit 2`." in front(
        "export", "run", "web", "--dry-run"
    ).text.replace("\n", " ")
