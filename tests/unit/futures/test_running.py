"""A run of the years ahead: the same bits whoever works it out, kept as it goes, resumed after a kill, added to, and never mixed."""

from __future__ import annotations

import json
import multiprocessing
import os
import pickle
import re
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gpcontract import England
from gpcontract.contracts import Contract
from gpcontract.engine.edits import Reform, Set
from gpcontract.engine.errors import InputError
from gpcontract.engine.version import version
from gpcontract.futures import kept, running, simulate
from gpcontract.futures.kept import Kept
from gpcontract.futures.simulate import Plan
from gpcontract.futures.terms import Terms

CONTRACTS = ("national", "hewitt_review")
DRAWS = 41
BLOCKS = 6  # the central draw, and five of eight


WIDTHS = (8, 4, 2, 1)


@pytest.fixture(scope="module", autouse=True)
def narrow() -> Iterator[None]:
    """Blocks of eight draws at most, so that few draws make several."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(running, "WIDTHS", WIDTHS)
        yield


@pytest.fixture(scope="module")
def plan(small: England) -> Plan:
    return simulate.plan(small, CONTRACTS, years=2, draws=DRAWS)


@pytest.fixture(scope="module")
def whole(plan: Plan) -> Kept:
    return running.run(plan, workers=1)


@pytest.fixture(scope="module")
def done(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a whole run, by two processes."""
    folder = tmp_path_factory.mktemp("run")
    running.run(plan, folder, workers=2)
    return folder


@pytest.fixture
def worked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, ...]]:
    """The blocks that are worked out in this process."""
    found: list[tuple[int, ...]] = []
    real = simulate.block

    def block(of: Plan, draws: tuple[int, ...]) -> simulate.Block:
        found.append(tuple(draws))
        return real(of, draws)

    monkeypatch.setattr(simulate, "block", block)
    return found


def same(a: Kept, b: Kept) -> None:
    """To the bit: nation, boards, practices, and what each draw takes figures to be."""
    for name in ("draws", "nation", "boards", "open", "patients"):
        np.testing.assert_array_equal(getattr(a, name), getattr(b, name), err_msg=name)
    assert a.figures.keys() == b.figures.keys()
    for name, x in a.figures.items():
        np.testing.assert_array_equal(x, b.figures[name], err_msg=name)


def test_processes_and_a_folder_give_the_same_bits(whole: Kept, done: Path) -> None:
    same(whole, kept.read(done))


def test_draws_hold_all_that_is_said(whole: Kept, plan: Plan) -> None:
    """Draws in order, the first central; every contract, year, quantity and board; practices' chance of being open."""
    assert whole.draws.tolist() == list(range(DRAWS))
    assert whole.nation.shape == (2, 3, len(whole.about["quantities"]), DRAWS)
    assert whole.boards.shape == (2, 3, len(whole.about["by_board"]), DRAWS, 2)
    assert whole.open.shape == whole.patients.shape == (2, 3, len(plan.start.members))
    assert (whole.open[:, 0] == 1).all() and 0.8 < whole.open[:, -1].mean() < 1
    lucky = whole.series("national", "practices")[-1, whole.lucky].mean()
    assert whole.open[0, -1].sum() == pytest.approx(lucky)
    assert whole.series("national", "patients")[-1, whole.lucky].mean() == pytest.approx(whole.patients[0, -1].sum())


def test_uncertain_figures_differ_between_draws(whole: Kept) -> None:
    assert len(whole.figures) > 40
    assert np.ptp(whole.figures["funding_growth"]) > 0
    assert np.ptp(whole.figures["fit:growth"]) > 0
    assert any(n.startswith("assumed:") for n in whole.figures)


def test_order_does_not_matter(plan: Plan, whole: Kept, tmp_path: Path) -> None:
    """Blocks worked out from the last to the first, some of them twice, are the same run."""
    parts = [running._part(plan, simulate.block(plan, b)) for b in running.blocks_of(DRAWS, 8)]
    about = running.manifest(plan) | {"width": 8}
    kept.write_manifest(tmp_path, about)
    for part in (*reversed(parts), parts[2]):
        kept.write(tmp_path, part, about)
    same(whole, kept.read(tmp_path))


def test_what_is_there_is_not_worked_out_again(plan: Plan, done: Path, worked: list[tuple[int, ...]]) -> None:
    heard: list[tuple[int, int]] = []
    running.run(plan, done, workers=1, told=lambda d, n: heard.append((d, n)))
    assert worked == []
    assert heard == [(DRAWS, DRAWS)]


def test_a_damaged_block_is_found_and_worked_out_again(
    plan: Plan, whole: Kept, tmp_path: Path, worked: list[tuple[int, ...]]
) -> None:
    """One byte changed, and one file cut short."""
    about = running.manifest(plan) | {"width": 8}
    kept.write_manifest(tmp_path, about)
    paths = [
        kept.write(tmp_path, running._part(plan, simulate.block(plan, b)), about) for b in running.blocks_of(DRAWS, 8)
    ]
    body = bytearray(paths[2].read_bytes())
    body[len(body) // 2] ^= 1
    paths[2].write_bytes(body)
    paths[4].write_bytes(paths[4].read_bytes()[:1000])
    with pytest.raises(InputError, match="16 of 41 draws are not there; damaged: draws-000009"):
        kept.read(tmp_path)
    worked.clear()
    same(whole, running.run(plan, tmp_path, workers=1))
    assert [b[0] for b in worked] == [9, 25]


def test_more_draws_add_blocks_and_change_none(
    plan: Plan, small: England, whole: Kept, tmp_path: Path, worked: list[tuple[int, ...]]
) -> None:
    few = simulate.plan(small, CONTRACTS, years=2, draws=12)
    assert few.hash == plan.hash
    first = running.run(few, tmp_path, workers=1)
    assert [b[0] for b in worked] == [0, 1, 9]
    assert len(first.draws) == 12
    worked.clear()
    same(whole, running.run(plan, tmp_path, workers=1))
    assert [b[0] for b in worked] == [17, 25, 33]
    assert len(kept.read(tmp_path, 12).draws) == 12
    np.testing.assert_array_equal(first.nation, whole.nation[..., :12])


def test_joined_files_hold_what_their_parts_held(done: Path, plan: Plan) -> None:
    files = sorted(p.name.split(".")[0] for p in done.glob("draws-*.npz"))
    assert files == ["draws-000000-000000", "draws-000001-000040"]


def test_block_files_are_joined_so_many_at_a_time(
    plan: Plan, whole: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No file grows without end, and joining again changes nothing."""
    monkeypatch.setattr(kept, "TOGETHER", 2)
    about = running.manifest(plan) | {"width": 8}
    kept.write_manifest(tmp_path, about)
    paths = [
        kept.write(tmp_path, running._part(plan, simulate.block(plan, b)), about) for b in running.blocks_of(DRAWS, 8)
    ]
    kept.join(tmp_path, about)
    names = [f[:2] for f in kept._files(tmp_path)]
    assert names == [(0, 0), (1, 16), (17, 32), (33, 40)]
    assert not paths[1].exists() and paths[5].exists()
    same(whole, kept.read(tmp_path))
    kept.join(tmp_path, about)  # what was joined stays as it is
    assert names == [f[:2] for f in kept._files(tmp_path)]
    same(whole, kept.read(tmp_path))


def test_one_run_at_a_time_in_a_folder(plan: Plan, tmp_path: Path) -> None:
    with kept.locked(tmp_path), pytest.raises(InputError, match="another run is writing here"):
        running.run(plan, tmp_path, workers=1)


def test_another_run_does_not_mix(small: England, plan: Plan, done: Path) -> None:
    """Another knob is another run, and so is another version of the model."""
    turned = simulate.plan(small, CONTRACTS, 2, 2, knobs=Reform.of(Set("funding_growth", 0.03)))
    with pytest.raises(InputError, match=f"holds another run \\({plan.hash}, not {turned.hash}\\)"):
        running.run(turned, done, workers=1)
    about = json.loads((done / kept.MANIFEST).read_text())
    try:
        kept.write_manifest(done, about | {"code": "older"})
        with pytest.raises(InputError, match="another version of the model"):
            running.run(plan, done, workers=1)
    finally:
        kept.write_manifest(done, about)


def other(x: Any) -> Any:
    """Something of the same kind that is not the same."""
    if isinstance(x, np.ndarray):
        return np.concatenate([(x.ravel()[:1] + 1).astype(x.dtype), x.ravel()[1:]]).reshape(x.shape)
    return np.ones(2) if x is None else f"{x}!" if isinstance(x, str) else not x if isinstance(x, bool) else x + 1


@pytest.mark.parametrize("name", [f.name for f in fields(Terms)])
def test_all_that_terms_hold_names_the_run(plan: Plan, name: str) -> None:
    first, *rest = plan.terms
    changed = replace(first, **{name: other(getattr(first, name))})
    assert replace(plan, terms=(changed, *rest)).hash != plan.hash


@pytest.mark.parametrize("name", ["members", "keys", "needs", "forms", "contact", "need_weight", "fifth", "national"])
def test_what_the_start_holds_names_the_run(plan: Plan, name: str) -> None:
    held = plan.start.national
    changed = replace(held, rates=other(held.rates)) if name == "national" else other(getattr(plan.start, name))
    assert replace(plan, start=replace(plan.start, **{name: changed})).hash != plan.hash


def test_ranges_of_what_contracts_assume_name_the_run(small: England, plan: Plan) -> None:
    """Whether there are draws that see them or not, so that draws can be added to the central path."""
    contract = Contract.load(CONTRACTS[1])
    name, value = next((n, v) for n, v in contract.values.items() if v.entries[-1].assumed and v.entries[-1].range)
    low, high = value.entries[-1].range or (0, 0)
    wider = replace(value, entries=(*value.entries[:-1], replace(value.entries[-1], range=(low, high + 1))))
    changed = replace(contract, values=contract.values | {name: wider})
    assert changed.hash == contract.hash
    hashes = {simulate.plan(small, (CONTRACTS[0], c), years=2).hash for c in (contract, changed)}
    assert len(hashes) == 2 and plan.hash in hashes


def test_the_model_s_version_is_that_of_all_rules() -> None:
    assert version().startswith(running.code())


def test_draws_of_another_run_are_not_taken_for_this_one_s(small: England, plan: Plan, tmp_path: Path) -> None:
    """Where the manifest is lost the parts say whose they are; nothing is written over them but with fresh."""
    one, two = (simulate.plan(small, ("national",), 1, 9, seed) for seed in (1, 2))
    first = running.run(one, tmp_path, workers=1)
    (tmp_path / kept.MANIFEST).unlink()
    with pytest.raises(InputError, match=f"(?s)draws-000000.*run {one.hash}.*expected: run {two.hash}.*--fresh"):
        running.run(two, tmp_path, workers=1)
    assert not (tmp_path / kept.MANIFEST).exists()
    same(first, running.run(one, tmp_path, workers=1))
    for name, other in {"code": "older", "backend": "jax", "width": 4}.items():
        with pytest.raises(InputError, match="holds draws of another run"):
            kept.have(tmp_path, running.manifest(one) | {"width": 8, name: other})
    whole = running.run(two, tmp_path, workers=1, fresh=True)
    assert not np.array_equal(first.nation, whole.nation)


def test_fresh_begins_again(small: England, plan: Plan, tmp_path: Path) -> None:
    one = simulate.plan(small, ("national",), 1)
    running.run(one, tmp_path, workers=1)
    two = simulate.plan(small, ("national",), 2)
    assert len(running.run(two, tmp_path, workers=1, fresh=True).years) == 3


def _run_and_die(plan: Plan, folder: Path) -> None:
    """A run that is killed, as by the machine, once two blocks with luck have ended."""
    running.WIDTHS = WIDTHS  # of a process of its own

    def told(done: int, total: int) -> None:
        if done >= 17:
            (folder / "workers").write_text(" ".join(str(p.pid) for p in multiprocessing.active_children()))
            os.kill(os.getpid(), signal.SIGKILL)

    running.run(plan, folder, workers=2, told=told)


def test_a_run_that_is_killed_goes_on_where_it_stopped(plan: Plan, whole: Kept, tmp_path: Path) -> None:
    """Its blocks are there, nothing half written counts, its workers end with it, and the rest alone is worked out."""
    other = multiprocessing.get_context("spawn").Process(target=_run_and_die, args=(plan, tmp_path))
    other.start()
    other.join(120)
    assert other.exitcode == -signal.SIGKILL
    there, bad = kept.have(tmp_path, kept.manifest(tmp_path) or {})
    assert not bad and 0 < len(there) < DRAWS
    half = tmp_path / ".draws-000033-000040.0.npz.1.part"
    half.write_bytes(b"half")
    heard: list[int] = []
    same(whole, running.run(plan, tmp_path, workers=1, told=lambda d, n: heard.append(d)))
    assert heard[0] == len(there)
    assert not half.exists()
    pids = [int(p) for p in (tmp_path / "workers").read_text().split()]
    assert pids and not _alive(pids, 20)


def warm(plan: Plan) -> Plan:
    """A plan from which a block has been worked out, so that it can be sent."""
    simulate.block(plan, [0])
    return plan


def _alive(pids: list[int], seconds: float) -> list[int]:
    end = time.monotonic() + seconds
    left = pids
    while left and time.monotonic() < end:
        left = [
            p for p in left if Path(f"/proc/{p}/stat").exists() and " Z " not in Path(f"/proc/{p}/stat").read_text()
        ]
        time.sleep(0.1)
    return left


def test_a_worker_that_dies_loses_nothing(plan: Plan, whole: Kept) -> None:
    killed: list[int] = []

    def told(done: int, total: int) -> None:
        children = multiprocessing.active_children()
        if done > 1 and not killed and children and children[0].pid:
            killed.append(children[0].pid)
            os.kill(children[0].pid, signal.SIGKILL)

    same(whole, running.run(plan, workers=2, told=told))
    assert killed


def test_what_is_sent_holds_no_england(plan: Plan, small: England) -> None:
    light = running.sendable(warm(plan))
    assert isinstance(light.start.england, running.Stub)
    assert plan.start.england is small
    assert len(pickle.dumps(light)) < len(pickle.dumps(plan))
    np.testing.assert_array_equal(simulate.block(light, [1, 2]).nation, simulate.block(plan, [1, 2]).nation)


def test_blocks_fit_in_memory(plan: Plan) -> None:
    """Less memory, narrower blocks; draws are in blocks of one width whatever is asked for."""
    widths = [running.width_for(plan, 2, x) for x in (3e9, 9.1e8, 9.002e8)]
    assert widths == sorted(widths, reverse=True) and widths[0] == 8
    assert running.blocks_of(1, 8) == [(0,)]
    assert running.blocks_of(10, 8) == [(0,), tuple(range(1, 9)), tuple(range(9, 17))]


def test_a_folder_that_is_no_run_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is no run of the years ahead"):
        kept.read(tmp_path)
    (tmp_path / kept.MANIFEST).write_text("{")
    with pytest.raises(InputError, match="does not say what was run"):
        kept.read(tmp_path)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"backend": None}, "'backend' is null"),
        ({"width": 0}, "'width' is 0"),
        ({"draws": "many"}, "'draws' is \"many\""),
        ({"years": ["2024/25"]}, "'years' are no years"),
        ({"contracts": [{"name": "national"}]}, "'contracts' lack"),
        ({"format": 1}, "has format 1"),
    ],
)
def test_a_damaged_manifest_is_said(plan: Plan, tmp_path: Path, changed: dict[str, object], said: str) -> None:
    whole = running.manifest(plan) | {"width": 8}
    assert not kept._wrong(whole)
    kept.write_manifest(tmp_path, whole | changed)
    with pytest.raises(InputError, match=said):
        running.run(plan, tmp_path, workers=1)
    for name in whole.keys() - {"format"}:
        kept.write_manifest(tmp_path, {k: v for k, v in whole.items() if k != name})
        with pytest.raises(InputError, match=f"it has no '{name}'"):
            kept.read(tmp_path)


def test_files_that_no_run_wrote_are_let_be(small: England, tmp_path: Path) -> None:
    one = simulate.plan(small, ("national",), 1)
    strays = [tmp_path / n for n in ("draws-foo.npz", "draws-000001-x.npz", "draws-1-2.0123456789abcdef.npz")]
    for path in strays:
        path.write_bytes(b"another's")
    for fresh in (False, False, True):
        assert len(running.run(one, tmp_path, workers=1, fresh=fresh).draws) == 1
    assert all(p.read_bytes() == b"another's" for p in strays)


def test_workers_never_hear_ctrl_c(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even while they start, before any of their own code is read."""
    deaf: list[bool] = []
    real = ProcessPoolExecutor.submit

    def submit(pool: ProcessPoolExecutor, *given: object) -> object:
        made = real(pool, *given)  # type: ignore[arg-type]
        for child in multiprocessing.active_children():
            said = Path(f"/proc/{child.pid}/status").read_text()
            masks = [int(x, 16) for x in re.findall("Sig(?:Blk|Ign):\t(.*)", said)]
            deaf.append(any(mask & 1 << signal.SIGINT - 1 for mask in masks))
        return made

    monkeypatch.setattr(ProcessPoolExecutor, "submit", submit)
    running.run(replace(plan, draws=17), workers=2)
    assert deaf and all(deaf)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert not signal.pthread_sigmask(signal.SIG_BLOCK, ())


def test_ctrl_c_while_workers_start_is_heard_once_they_have() -> None:
    done: list[int] = []
    with pytest.raises(KeyboardInterrupt), running._deaf():
        os.kill(os.getpid(), signal.SIGINT)
        done.append(1)
    assert done


def test_contracts_have_a_name_each(plan: Plan) -> None:
    with pytest.raises(InputError, match="the contract 'national' is there twice"):
        running.run(replace(plan, terms=(plan.terms[0],) * 2), workers=1)


def test_jax_and_a_cluster_are_not_asked_for_together(plan: Plan) -> None:
    with pytest.raises(InputError, match="tcp://here:8786 cannot be given draws of jax"):
        running.run(plan, scheduler="tcp://here:8786", backend="jax")


@pytest.fixture
def cluster() -> Iterator[object]:
    distributed = pytest.importorskip("distributed", reason="NEEDS distributed: pip install 'gpcontract[cluster]'")
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50) as made:
        yield made


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_cluster_gives_the_same_bits_though_a_worker_is_killed(
    plan: Plan, whole: Kept, cluster: object, tmp_path: Path
) -> None:
    """Two Dask workers, one of them killed while its block is worked out."""
    address = cluster.scheduler_address  # type: ignore[attr-defined]
    killed: list[int] = []

    def told(done: int, total: int) -> None:
        if done > 1 and not killed:
            killed.append(next(iter(cluster.workers.values())).pid)  # type: ignore[attr-defined]
            os.kill(killed[0], signal.SIGKILL)

    same(whole, running.run(plan, tmp_path, scheduler=address, told=told))
    assert killed


def test_no_scheduler_is_an_error(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "CONNECT", 0.5)
    pytest.importorskip("distributed", reason="NEEDS distributed: pip install 'gpcontract[cluster]'")
    with pytest.raises(InputError, match="no Dask scheduler answers"):
        running.run(plan, scheduler="tcp://127.0.0.1:9", memory=1e9)


def test_jax_gives_the_same_figures_and_keeps_a_folder_of_its_own(small: England, tmp_path: Path) -> None:
    pytest.importorskip("jax", reason="NEEDS jax: pip install 'gpcontract[jax]'")
    plan = simulate.plan(small, ("national",), years=1, draws=9)  # one kind of contract: one program to compile
    whole, made = running.run(plan, workers=1), running.run(plan, tmp_path, backend="jax")
    assert made.draws.tolist() == whole.draws.tolist() and made.about["backend"] == "jax"
    np.testing.assert_allclose(made.nation, whole.nation, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(made.boards, whole.boards, rtol=1e-9, atol=1e-9)
    np.testing.assert_array_equal(made.figures["funding_growth"], whole.figures["funding_growth"])
    with pytest.raises(InputError, match="was run on jax, not numpy"):
        running.run(plan, tmp_path, workers=1)


def test_blocks_of_a_device_are_all_alike() -> None:
    """Programs are made for one width: the central draw is the first of the first block."""
    assert running.blocks_of(10, 4, running.JAX) == [(0, 1, 2, 3), (4, 5, 6, 7), (8, 9, 10, 11)]
    assert running.blocks_of(1, 4, running.JAX) == [(0,)]


def test_workers_are_counted(plan: Plan) -> None:
    with pytest.raises(InputError, match="0 workers"):
        running.run(replace(plan, draws=1), workers=0)
