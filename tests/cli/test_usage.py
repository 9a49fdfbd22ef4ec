"""What is wrong with how a command was written is said in words, in both languages, with what helps."""

import pytest

from tillbridge.cli.running import run


@pytest.mark.parametrize(
    ("given", "en", "ko"),
    [
        (
            ["connections", "--histroy", "web"],
            "No such option: --histroy. Did you mean --history? See: tillbridge connections --help",
            "--histroy: 그런 옵션이 없습니다. 혹시 --history인가요? 사용법: tillbridge connections --help",
        ),
        (
            ["order", "decline", "1"],
            "No such command 'decline'. Did you mean reject? See: tillbridge order --help",
            "'decline': 그런 명령이 없습니다. 혹시 reject인가요? 사용법: tillbridge order --help",
        ),
        (
            ["conect"],
            "No such command 'conect'. Did you mean connect? See: tillbridge --help",
            "'conect': 그런 명령이 없습니다. 혹시 connect인가요? 사용법: tillbridge --help",
        ),
        (
            ["demo", "--every", "soon"],
            "--every must be a number. See: tillbridge demo --help",
            "--every: 숫자여야 합니다. 사용법: tillbridge demo --help",
        ),
        (
            ["order", "show"],
            "Missing argument ID. It needs: ID. See: tillbridge order show --help",
            "ID 인수가 빠졌습니다. 필요한 것: ID. 사용법: tillbridge order show --help",
        ),
    ],
)
def test_wrong_usage_says_what_helps(given, en, ko, capsys):
    assert run(given) == 2
    assert capsys.readouterr().err == f"{en}\n"

    assert run([*given, "--lang", "ko"]) == 2
    assert capsys.readouterr().err == f"{ko}\n"


def test_connect_without_a_name_says_all_that_it_needs(capsys):
    """The provider's own settings too: nobody is to be sent back once for each of them."""
    assert run(["connect", "woocommerce"]) == 2

    assert capsys.readouterr().err == (
        "Missing option --name. It needs: PROVIDER --name NAME --set url=… --secret key=env:NAME "
        "--secret secret=env:NAME. See: tillbridge connect --help\n"
    )
