"""Locally's own time to answer, 4 or 8 business hours, is the connection's unless staff say another."""

import pytest

import tillbridge_locally
from orders import PLACED
from plugins.locally.samples import KOREAN
from tillbridge.cli.policies import by_the_service
from tillbridge.connections import NewConnection
from tillbridge.model.errors import InputError

pytestmark = pytest.mark.row("S17")
(LOCALLY,) = tillbridge_locally.providers()


def new(**settings: str) -> NewConnection:
    plain = {name: str(value) for name, value in KOREAN.items() if name != "api_token"}
    given = plain | settings
    return NewConnection(
        provider="locally",
        name="locally",
        settings=given,
        secrets={"api_token": "x"},
        orders_from=PLACED,
        accept_minutes=90,
    )


@pytest.mark.parametrize(
    ("hours", "minutes"), [({}, 240), ({"accept_hours": "4"}, 240), ({"accept_hours": "8"}, 480)]
)
def test_a_new_connection_has_locallys_time(hours: dict[str, str], minutes: int) -> None:
    assert minutes == by_the_service(LOCALLY, new(**hours), None, {}).accept_minutes


def test_a_changed_setting_changes_it_and_another_change_does_not() -> None:
    """What staff said of the connection stays as long as Locally's own time does."""
    assert 480 == by_the_service(LOCALLY, new(accept_hours="8"), new(), {}).accept_minutes
    assert 90 == by_the_service(LOCALLY, new(accept_hours="4", page_size="20"), new(), {}).accept_minutes


def test_a_time_that_locally_does_not_have_is_refused() -> None:
    with pytest.raises(InputError):
        by_the_service(LOCALLY, new(accept_hours="6"), None, {})


def test_what_staff_say_of_the_connection_comes_first() -> None:
    assert 90 == by_the_service(LOCALLY, new(accept_hours="8"), None, {"accept_minutes": 90}).accept_minutes
