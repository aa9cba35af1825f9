"""Years ahead in the explorer: a run is asked for once, queued, worked out, shown, stopped, and refused where it means nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.http import QueryDict
from django.test import Client

from gpcontract.futures import kept
from gpcontract.web import desk as room
from gpcontract.web import runner, runs
from gpcontract.web.pages import ahead

ONE = "/ahead?contract=national&years=5"


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A shelf of its own."""
    monkeypatch.setattr(runs, "shelf", lambda: tmp_path)


def work(desk: room.Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the process beside the pages does with all that waits, here."""
    monkeypatch.setattr(room, "england_named", lambda where: desk.england)
    for folder in runs.waiting():
        runner._one(folder, {})


def asked(desk: room.Desk, query: str) -> runs.Asked:
    return ahead.wanted(QueryDict(query), desk)[0]


def test_the_path_without_luck_is_begun_when_it_is_looked_at_and_shown_when_it_is_done(
    client: Client, desk: room.Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = client.get(ONE)
    assert first.status_code == 202
    assert "waiting" in first.content.decode() and "http-equiv" not in first.content.decode()
    assert client.get(ONE.replace("/ahead", "/ahead.json")).json()["state"] == "waiting"
    assert len(runs.waiting()) == 1  # asked for twice, it waits once
    work(desk, monkeypatch)
    made = client.get(ONE)
    assert made.status_code == 200
    run = asked(desk, "contract=national&years=5")
    held = kept.read(run.folder / "run")
    told = client.get(ONE.replace("/ahead", "/ahead.json")).json()
    table = next(t for t in told["tables"] if t["name"] == "fan_practices")
    last = next(r for r in table["rows"] if r["year"] == "2029/30")
    assert last["central"] == pytest.approx(float(held.series("national", "practices")[-1, 0]))
    assert told["facts"]["England"].startswith("synthetic England")
    assert client.get(ONE.replace("/ahead", "/ahead.csv") + "&table=fan_bill").status_code == 200


def test_draws_are_worked_out_only_when_asked_and_can_be_stopped(
    client: Client, desk: room.Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = client.get(ONE + "&draws=25")
    assert page.status_code == 200 and not runs.waiting()
    form = {"contract": "national", "years": "5", "draws": "25", "funding_growth": "2%"}
    answer = client.post("/ahead/run", form)
    assert answer.status_code == 303
    assert answer["Location"] == "/ahead?contract=national&years=5&draws=25&funding_growth=2%25"
    run = asked(desk, answer["Location"].partition("?")[2])
    assert runs.state(run) == runs.State(runs.WAITING, 0, 25)
    assert client.post("/ahead/stop", form).status_code == 303
    stopped = runs.state(run)
    assert stopped is not None and stopped.what == runs.STOPPED
    runs.ask(run)
    (run.folder / runs.STOP).touch()  # told to stop while it runs
    work(desk, monkeypatch)
    stopped = runs.state(run)
    assert stopped is not None and stopped.what == runs.STOPPED
    assert "Go on" in client.get(answer["Location"]).content.decode()


def test_the_queue_is_bounded_and_says_so(client: Client, desk: room.Desk) -> None:
    for i in range(runs.QUEUE):
        runs.ask(asked(desk, f"seed={i + 1}"))
    with pytest.raises(runs.Full):
        runs.ask(asked(desk, "seed=99"))
    assert client.get("/ahead?seed=99").status_code == 503
    assert client.post("/ahead/run", {"seed": "99"}).status_code == 503
    last = runs.state(asked(desk, f"seed={runs.QUEUE}"))
    assert last is not None and last.before == runs.QUEUE - 1


@pytest.mark.parametrize(
    ("query", "at"),
    [
        ("funding_growth=lots", "funding_growth"),
        ("pay_growth=900%25", "pay_growth"),
        ("gp_training=inf", "gp_training"),
    ],
)
def test_a_knob_that_cannot_be_meant_is_told_beside_it(client: Client, query: str, at: str) -> None:
    answer = client.get(f"/ahead?{query}")
    assert answer.status_code == 400
    assert f'href="#{at}"' in answer.content.decode() and f'id="wrong-{at}"' in answer.content.decode()
    assert not runs.waiting()


@pytest.mark.parametrize("query", ["draws=7", "years=400", "seed=-1", "contract=nothing", "seed=٣", "draws=1e9"])
def test_what_is_not_offered_is_refused(client: Client, query: str) -> None:
    assert client.get(f"/ahead?{query}").status_code == 400


def test_another_england_another_model_or_another_knob_is_another_run(desk: room.Desk) -> None:
    made = asked(desk, "")
    assert made.key == asked(desk, "draws=1&years=10").key
    assert made.key != asked(desk, "funding_growth=0.02").key
    assert asked(desk, "funding_growth=2%25").key == asked(desk, "funding_growth=0.02").key
    assert runs.Asked(**vars(made) | {"version": "x"}).key != made.key


def test_what_failed_says_so_and_can_be_asked_again(
    client: Client, desk: room.Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.get(ONE)
    monkeypatch.setattr(room, "england_named", lambda where: 1 / 0)
    for folder in runs.waiting():
        runner._one(folder, {})
    page = client.get(ONE)
    assert page.status_code == 200 and "could not be worked out" in page.content.decode()
    assert client.post("/ahead/run", {"contract": "national", "years": "5"}).status_code == 303
    assert len(runs.waiting()) == 1


def test_a_saved_reform_is_run_under_its_own_name(desk: room.Desk) -> None:
    from gpcontract import Scale
    from gpcontract.engine.edits import Reform
    from gpcontract.web.store import save

    made = save(Reform.of(Scale("global_sum_price", 1.03)), "national", "Three")
    run = asked(desk, f"contract=national&contract={made.name.replace('+', '%2B')}")
    assert [c.name for c in run.loaded] == ["national", made.name]
    assert run.loaded[1].reform == made.reform
