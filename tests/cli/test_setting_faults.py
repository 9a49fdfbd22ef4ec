"""Missing and wrong settings, in the language of the reader; what came for a secret is never repeated."""

from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, Field, SecretStr, ValidationError

from tillbridge.connections.setting_faults import setting_faults
from tillbridge.model.words import Words
from tillbridge.setting_forms import of_form


class Settings(BaseModel):
    shop: str = Field(pattern="^[A-Z]{2}$", default="KR")
    pages: int = Field(default=5, ge=1)
    hours: Literal[4, 8] = 4
    held: bool = False
    token: SecretStr = Field(min_length=4, default=SecretStr("long enough"))
    account: Annotated[str, of_form("a_[0-9]+", Words("a_ and digits", "a_와 숫자"))] = "a_1"
    signing: Annotated[SecretStr, of_form("s_.+", Words("s_ and more", "s_로 시작"))] = SecretStr("s_1")
    needed: str


@pytest.mark.parametrize(
    ("given", "en", "ko"),
    [
        ({"needed": None}, "needed", "needed"),
        ({}, "--set needed is missing", "--set needed: 값이 없습니다"),
        (
            {"shop": "korea"},
            "form ^[A-Z]{2}$; 'korea' came",
            "^[A-Z]{2}$ 형식이어야 합니다 (받은 값: 'korea')",
        ),
        ({"pages": "many"}, "--set pages must be a whole number; 'many' came", "정수여야 합니다"),
        ({"pages": "0"}, "--set pages must be at least 1; '0' came", "1 이상이어야 합니다"),
        ({"hours": 5}, "--set hours must be 4 or 8; 5 came", "다음 중 하나여야 합니다: 4, 8"),
        ({"held": "perhaps"}, "must be true or false", "true 또는 false여야 합니다"),
        (
            {"account": "b_1"},
            "--set account must be a_ and digits; 'b_1' came",
            "--set account: 형식이 맞지 않습니다. 필요한 형식: a_와 숫자 (받은 값: 'b_1')",
        ),
        (
            {"signing": "abc"},
            "--secret signing must be s_ and more",
            "--secret signing: 형식이 맞지 않습니다. 필요한 형식: s_로 시작",
        ),
        ({"token": "abc"}, "--secret token must have", "--secret token: 길이가 4 이상이어야 합니다"),
    ],
)
def test_a_fault_names_the_setting_what_came_and_what_is_allowed(given, en, ko):
    with pytest.raises(ValidationError) as raised:
        Settings.model_validate(given)

    words = setting_faults("Shop", raised.value, {"token", "signing"})

    assert en in words.en
    assert ko in words.ko
    assert "abc" not in words.en + words.ko
