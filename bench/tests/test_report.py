"""What the bench reads, decides and writes."""

import pytest

from bench import load, report
from bench.load import Sample

WRK = """Running 2s test @ http://127.0.0.1:8000/
  Latency Distribution
     50%  950.00us
     75%    1.20ms
     90%    2.00ms
     99%    1.10s
  2000 requests in 2.00s, 10.00MB read
Requests/sec:   1000.50
"""


def scenario(bare=1000, cached=700, uncached=120, plain=100, api=700):
    rates = {
        "bare gunicorn": bare,
        "index, cached": cached,
        "index, uncached": uncached,
        "index, plain Django": plain,
        "API list, cached": api,
    }
    return {name: Sample(rate, 1.0, 2.0) for name, rate in rates.items()}


def test_what_wrk_prints():
    assert load.parse(WRK) == Sample(1000.5, 0.95, 1100.0)


@pytest.mark.parametrize(
    "words", ["  Non-2xx or 3xx responses: 3", "  Socket errors: connect 0, read 1, write 0"]
)
def test_errors_spoil_a_measurement(words):
    with pytest.raises(load.Unfit, match=words.strip()[:10]):
        load.parse(WRK + words + "\n")


def test_without_wrk_it_says_what_to_type(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(SystemExit, match="apt install wrk"):
        load.find_wrk()


def test_the_round_that_counts_is_the_one_with_most_requests():
    samples = [Sample(2, 1, 6), Sample(9, 2, 7), Sample(1, 9, 5)]
    assert report.best(samples) == Sample(9, 2, 7)


def test_aims_that_are_reached():
    scenarios = {"SQLite, 24 lettings": scenario(), "SQLite, 100,000 lettings": scenario()}
    assert [enough for *_, enough in report.aims(scenarios)] == [True] * 9


@pytest.mark.parametrize(
    "figures", [{"bare": 1100}, {"cached": 499, "bare": 500}, {"uncached": 99}, {"api": 500}]
)
def test_aims_that_are_missed(figures):
    scenarios = {
        "SQLite, 24 lettings": scenario(),
        "SQLite, 100,000 lettings": scenario(**figures),
    }
    assert not all(enough for *_, enough in report.aims(scenarios))


def test_the_report_has_every_ratio():
    scenarios = {
        "SQLite, 24 lettings": scenario(),
        "SQLite, 100,000 lettings": scenario(uncached=50),
    }
    text = report.render(scenarios, {"at 10,000": 90.0}, {"cores": "2"}, 3, 2)
    assert "| index, cached | 700 | 0.70 | 7.0 | 1.0 | 2.0 |" in text
    assert "of that at 24, 1.2 or less | 2.40 | **no** |" in text
    assert "- at 10,000 requests: 90.0 MB" in text


def test_the_machine_is_described_without_its_name():
    assert report.machine()["cores"].isdigit()
