"""A provider's sandbox is served by the program itself."""

import json
import subprocess
import sys


def test_the_sandbox_of_a_provider_answers_and_ends_with_its_standard_input(tmp_path):
    catalogue, customers = tmp_path / "catalogue.csv", tmp_path / "customers.csv"
    catalogue.write_text("vpn,upc,description,price\nHB-1,4006381333931,헬멧,50000\n", encoding="utf-8")
    customers.write_text("number,name,email\n1,김민수,minsu@example.com\n", encoding="utf-8")
    files = ["--catalogue", str(catalogue), "--customers", str(customers)]
    program = [sys.executable, "-c", "from tillbridge.cli import main; main()", "sandbox", "locally", *files]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["url"].startswith("http://127.0.0.1:")
        process.communicate(timeout=30)
        assert 0 == process.returncode


def test_a_provider_without_a_sandbox_is_told_which_have_one(shop):
    said = shop("sandbox", "memory")

    assert (2, "'memory' has no sandbox. There are sandboxes of: -.\n") == (said.code, said.err)
