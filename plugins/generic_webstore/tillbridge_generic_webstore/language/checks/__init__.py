"""What no single key of a profile shows: keys that contradict each other, or lack one another."""

from tillbridge_generic_webstore.language.checks.calls import check_calls
from tillbridge_generic_webstore.language.checks.fields import check_fields
from tillbridge_generic_webstore.language.checks.lists import check_lists
from tillbridge_generic_webstore.language.checks.reaching import check_reaching
from tillbridge_generic_webstore.language.checks.rows import check_rows
from tillbridge_generic_webstore.language.checks.telling import check_telling
from tillbridge_generic_webstore.language.mistakes import Mistakes
from tillbridge_generic_webstore.language.profile import Profile


def check(profile: Profile, mistakes: Mistakes) -> None:
    """Note what is wrong with a profile across its keys."""
    check_reaching(profile, mistakes)
    check_calls(profile, mistakes)
    check_lists(profile, mistakes)
    check_rows(profile, mistakes)
    check_fields(profile, mistakes)
    check_telling(profile, mistakes)
