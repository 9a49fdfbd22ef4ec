"""Korean sentences take the particle that belongs behind what was filled into them."""

import pytest

from tillbridge.model.particles import with_particles
from tillbridge.model.words import Words


@pytest.mark.parametrize(
    ("word", "topic", "object_", "to"),
    [
        ("매장", "매장은", "매장을", "매장으로"),
        ("주소", "주소는", "주소를", "주소로"),
        ("서울", "서울은", "서울을", "서울로"),
        ('"김민수"', '"김민수"는', '"김민수"를', '"김민수"로'),
        ("30", "30은", "30을", "30으로"),
        ("2", "2는", "2를", "2로"),
        ("1", "1은", "1을", "1로"),
        ("15%", "15%는", "15%를", "15%로"),
        ("매장(MAIN)", "매장(MAIN)은", "매장(MAIN)을", "매장(MAIN)으로"),
        ("WooCommerce", "WooCommerce는", "WooCommerce를", "WooCommerce로"),
        ("Naver", "Naver는", "Naver를", "Naver로"),
        ("SKU", "SKU는", "SKU를", "SKU로"),
        ("URL", "URL은", "URL을", "URL로"),
        ("MAIN", "MAIN은", "MAIN을", "MAIN으로"),
        ("name", "name은", "name을", "name으로"),
        ("order_id", "order_id는", "order_id를", "order_id로"),
        ("PrestaShop", "PrestaShop은(는)", "PrestaShop을(를)", "PrestaShop(으)로"),
        ("…", "…은(는)", "…을(를)", "…(으)로"),
    ],
)
def test_the_particle_follows_how_the_word_before_ends(word, topic, object_, to):
    assert with_particles(f"{word}은(는)") == topic
    assert with_particles(f"{word}을(를)") == object_
    assert with_particles(f"{word}(으)로") == to


def test_all_of_a_sentence_are_chosen_and_nothing_else_is_changed():
    said = Words("en", "제품(2개)이(가) 매장과(와) 같습니다(은행). 값을(를) 확인해 주세요.")

    assert said.ko == "제품(2개)이 매장과 같습니다(은행). 값을 확인해 주세요."


def test_english_is_left_as_it_is():
    assert Words("of 1은(는)", "x").en == "of 1은(는)"
