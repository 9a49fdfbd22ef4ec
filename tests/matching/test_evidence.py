"""What a match rests on is kept with its order, and read back equal."""

import pytest

from tillbridge.matching.evidence import Candidate, Evidence, OrderMatch

ONE = Candidate("P1", "헬멧")
FULL = Evidence(
    rule="gtin", keys=("gtin 04006381333931",), candidates=(ONE, Candidate("P2", 'a "b"\\')), asked=("x", "y")
)


@pytest.mark.parametrize("evidence", [Evidence(), FULL, Evidence("email", ("k",), (ONE,), ("k",))])
def test_evidence_is_read_back_equal(evidence):
    assert evidence == Evidence.of_json(evidence.as_json())


def test_evidence_is_kept_in_words_that_stay_the_same():
    """Databases hold it for years."""
    assert (
        '{"rule":"email","keys":["k"],"candidates":[{"id":"P1","name":"헬멧"}],"asked":["k"]}'
        == Evidence("email", ("k",), (ONE,), ("k",)).as_json()
    )


def test_evidence_that_lacks_a_newer_field_is_read():
    assert Evidence(rule="gtin", candidates=(ONE,)) == Evidence.of_json(
        '{"rule":"gtin","candidates":[{"id":"P1","name":"헬멧"}]}'
    )


@pytest.mark.parametrize(("candidates", "found"), [((), None), ((ONE,), ONE), ((ONE, ONE), None)])
def test_exactly_one_candidate_is_a_match(candidates, found):
    assert found == Evidence(candidates=candidates).found


@pytest.mark.parametrize(
    ("customer", "lines", "complete"),
    [
        ((ONE,), ((ONE,), (ONE,)), True),
        ((), ((ONE,),), False),
        ((ONE,), ((ONE,), ()), False),
    ],
)
def test_a_match_is_complete_with_the_customer_and_every_product(customer, lines, complete):
    match = OrderMatch(
        customer=Evidence(candidates=customer),
        conflict=False,
        lines=tuple(Evidence(candidates=one) for one in lines),
    )

    assert complete is match.complete
