"""The backtest as tables and a page: how near forecasts from a past year came, and what they were fitted on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..engine.years import span_name, year_name
from ..futures.backtest import Backtest
from ..futures.effects import Yearly
from ..futures.fits import Fits
from ..futures.panel import COVARIATES
from . import charts, files, twins
from .document import Document, Figure, Section, render
from .tables import Column, Table

FORECASTS = (
    Column("model", "Model", "number"), Column("size_only", "Size only", "number"), Column("no_change", "No change", "number"),
)  # fmt: skip
TOLD = {
    "constant": "A practice of 7,000 patients on GMS, in a town outside London, whose list does not shrink",
    "log_list": "List, by log over 7,000",
    "small": "List under 2,500, by log below it",
    "shrinking": "List that shrank last year, by log growth",
    "apms": "On APMS",
    "pms": "On PMS",
    "deprivation": "Deprivation score, by 20 points over 20",
    "rural": "Rural",
    "london": "In London",
    "rated_low": "Rated inadequate or requires improvement",
}
ROLES = {
    "gp": "GPs, without trainees and locums",
    "partner": "Partners",
    "nurse": "Nurses",
    "direct_care": "Direct patient care",
    "admin": "Administration",
}
GROUPS = {
    "practices": "Practices still open",
    "patients": "Patients on their lists",
    "money": "Global sum",
    "gms": "Practices on GMS",
}


def tables(made: Backtest) -> tuple[Table, ...]:
    """Every table, in the order in which they are printed."""
    return (
        ends(made),
        distances(made),
        coverage(made),
        england(made),
        calibration(made),
        fitted(made.fits),
        yearly(made.fits),
        *staff(made.fits),
    )


def ends(made: Backtest) -> Table:
    """Which contracts end, year by year: how many, and by how much the model tells them apart."""
    held = {(s.year, s.name): s for s in made.scores}
    rows = []
    for year in made.years:
        brier, rate, auc = (held[year, n] for n in ("brier", "brier_rate", "auc"))
        open_ = next(f for f in made.figures if f.year == year and f.name == "practices")
        rows.append(
            (year_name(year), open_.came, open_.middle, open_.low, open_.high, brier.model, brier.size_only, brier.no_change,
             rate.no_change, auc.model, auc.size_only)
        )  # fmt: skip
    columns = (
        Column("year", "Year"), Column("came", "Still open", "count"), Column("median", "Forecast", "count"), Column("low", "80% from", "count"),
        Column("high", "to", "count"), Column("brier", "Brier, model", "fine"), Column("brier_size", "size only", "fine"),
        Column("brier_none", "nobody ends", "fine"), Column("brier_rate", "all at one rate", "fine"),
        Column("auc", "AUC, model", "ratio"), Column("auc_size", "size only", "ratio"),
    )  # fmt: skip
    note = (
        f"Of the {made.practices:,} practices open at the end of {year_name(made.base)}. Brier: mean square of the chance told less what happened, lower is "
        "better. AUC: the chance that one that ended had been told a higher chance than one that did not; without knowledge 0.50."
    )
    return Table("ends", "Which contracts end", columns, tuple(rows), note)


def distances(made: Backtest) -> Table:
    """How far forecasts of lists, money and kinds of contract lay from what came (CRPS), by each forecast."""
    rows = tuple(
        (s.title, year_name(s.year), s.model, s.size_only, s.no_change) for s in made.scores if s.name.endswith("crps")
    )
    note = (
        "Continuous ranked probability score, the mean distance between forecast and fact less half the mean distance within the forecast, in "
        "the unit of the figure; lower is better. A practice that has ended counts as a list, and a sum, of 0."
    )
    return Table(
        "distances",
        "How far forecasts lay from what came",
        (Column("score", "Score"), Column("year", "Year"), *FORECASTS),
        rows,
        note,
    )


def coverage(made: Backtest) -> Table:
    """Of the 80% intervals, how many held."""
    rows: list[tuple[str, str, int, int, float]] = []
    held, of = made.coverage()
    rows.append(("England", "All figures", held, of, held / of))
    for name, title in GROUPS.items():
        held, of = made.coverage("boards", name)
        if of:
            rows.append(("Boards", title, held, of, held / of))
    held, of = made.coverage("boards")
    rows.append(("Boards", "All figures", held, of, held / of))
    both = [sum(x) for x in zip(made.coverage(), made.coverage("boards"), strict=True)]
    rows.append(("Both", "All figures", both[0], both[1], both[0] / both[1]))
    columns = (Column("of", "Of"), Column("figure", "Figure"), Column("held", "Held", "count"), Column("intervals", "Intervals", "count"), Column("share", "Share", "percent"))  # fmt: skip
    note = "A forecast that knows how sure it is has 80% of its 80% intervals hold. Years and figures move together, so the shares are themselves uncertain."
    return Table("coverage", "Whether 80% intervals held", columns, tuple(rows), note)


def england(made: Backtest) -> Table:
    """England's figures: what was forecast, and what came."""
    rows = tuple(
        (f.title, year_name(f.year), f.base, f.low, f.middle, f.high, f.came, "yes" if f.holds else "no")
        for f in made.figures
    )
    columns = (
        Column("figure", "Figure"), Column("year", "Year"), Column("base", year_name(made.base), "count"), Column("low", "80% from", "count"),
        Column("median", "Median", "count"), Column("high", "to", "count"), Column("came", "Came", "count"), Column("holds", "Held"),
    )  # fmt: skip
    return Table("england", "England's figures: forecast and fact", columns, rows)


def calibration(made: Backtest) -> Table:
    """Practices by the chance told that their contract ends, and the share to whom it happened."""
    rows = tuple(
        (year_name(y), b.told, b.happened, b.low, b.high, b.practices, b.events)
        for y, bins in made.calibration.items()
        for b in bins
    )
    columns = (
        Column("year", "Year"), Column("told", "Told", "percent"), Column("happened", "Happened", "percent"), Column("low", "80% from", "percent"),
        Column("high", "to", "percent"), Column("practices", "Practices", "count"), Column("events", "Ended", "count"),
    )  # fmt: skip
    return Table("calibration", "Chances told and what happened, by tenths of practices", columns, rows)


def fitted(fits: Fits) -> Table:
    """What the chance that a contract ends rests on."""
    e = fits.exit
    error = e.covariance.diagonal() ** 0.5
    rows = tuple(
        (TOLD[n], e.estimate[i], error[i], "assumed" if n in e.unknown else "fitted") for i, n in enumerate(COVARIATES)
    )
    columns = (Column("what", "What"), Column("estimate", "Log odds", "ratio"), Column("error", "Standard error", "ratio"), Column("how", "How"))  # fmt: skip
    note = (
        f"Logit of the chance in a year, {fits.said}: {e.ends:,} ends in {e.practice_years:,} practice-years. Boards differ by a standard deviation of "
        f"{e.boards.sd:.2f}, and from year to year by {e.boards.year_sd:.2f} more."
    )
    return Table("fitted", "What the chance that a contract ends rests on", columns, rows, note)


def yearly(fits: Fits) -> Table:
    """What goes up and down by years: where it goes back to, how far years lie apart, how much lasts, where it stands."""
    g, m = fits.growth, fits.money
    named: tuple[tuple[str, Yearly], ...] = (
        ("Log odds that a contract ends", fits.exit.year), ("Growth of lists, log", g.nation), ("Growth of the global sum price, log", m.price),
        ("Growth of payments per weighted patient, log", m.payments), ("The same over the price index", m.real),
        *((f"Log odds of a change from {a} to {b}", y) for (a, b), y in zip(_changes(), fits.kinds.change, strict=True)),
    )  # fmt: skip
    rows = tuple((n, y.mean, y.mean_error, y.sd, y.carry, y.level, y.years) for n, y in named)
    columns = (
        Column("what", "What"), Column("mean", "Mean", "fine"), Column("error", "Its error", "fine"), Column("sd", "Spread over years", "fine"),
        Column("carry", "Lasts into the next", "ratio"), Column("level", "In the last year", "fine"), Column("years", "Known", "count"),
    )  # fmt: skip
    note = (
        f"A list's own growth beside its board's is a trend with a spread of {g.trend_sd:.3f} over practices, of which {g.carry:.2f} lasts into the next year, and "
        f"luck of {g.passing_sd:.3f} that does not, at 7,000 patients. Boards' growth differs by {g.boards.sd:.4f}, and by {g.boards.year_sd:.4f} in a year alone."
    )
    return Table("yearly", "What goes up and down by years", columns, rows, note)


def staff(fits: Fits) -> tuple[Table, ...]:
    """How posts grew, and answer to lists; nothing where no file holds posts."""
    rows = tuple(
        (
            ROLES[r],
            s.growth.mean,
            s.growth.mean_error,
            s.follows,
            s.follows_error,
            s.pull,
            s.pull_error,
            s.spread,
            s.changes,
        )
        for r, s in fits.staff.items()
    )
    columns = (
        Column("role", "Role"), Column("growth", "Growth a patient, a year", "change"), Column("growth_error", "Error", "percent"),
        Column("follows", "Answers to the list", "ratio"), Column("follows_error", "Error", "ratio"), Column("pull", "Goes to the usual", "percent"),
        Column("pull_error", "Error", "percent"), Column("spread", "Spread of the rest", "percent"), Column("changes", "Changes", "count"),
    )  # fmt: skip
    note = (
        "Full-time equivalents. Answers to the list: log change of posts for the list's in the same year. Goes to the usual: the part of a practice's distance from the "
        "usual posts a patient that goes in a year. From a third-party extract of means over each year; changes of small counts are mostly noise."
    )
    return (Table("staff", "How posts grew, and answer to lists", columns, rows, note),) if rows else ()


def _changes() -> Iterator[tuple[str, str]]:
    from ..futures.fits import PAIRS
    from ..futures.panel import KINDS

    return ((KINDS[i].upper(), KINDS[j].upper()) for i, j in PAIRS)


def headline(made: Backtest) -> str:
    """The backtest in two sentences."""
    last = made.years[-1]
    held = {(s.year, s.name): s for s in made.scores}
    brier, size = held[last, "brier"], held[last, "size_crps"]
    shares = [100 * h / n for h, n in (made.coverage(), made.coverage("boards"))]
    return (
        f"Fitted on {span_name(made.fits.years)}, the forecast of which practices are open in {year_name(last)} has a Brier score of {brier.model:.4f}, against "
        f"{brier.size_only:.4f} by size alone and {brier.no_change:.4f} if nobody ended; it is {size.model:,.0f} practices out in each band of list size, "
        f"against {size.size_only:,.0f} and {size.no_change:,.0f}. Of its 80% intervals, {shares[0]:.0f}% held for England and {shares[1]:.0f}% for boards."
    )


def document(made: Backtest) -> Document:
    """The backtest as a page: each table with its sentence, and the calibration drawn."""
    every = {t.name: t for t in tables(made)}
    last = year_name(made.years[-1])
    bins = every["calibration"].where("year", last)
    drawn = charts.lines(
        bins, "told", ("happened", "told"), {"happened": ("low", "high")}, down="the share of contracts that ended"
    )
    top = bins.rows[-1]
    sentence = f"Of the tenth of practices told the highest chances, {100 * top[0]:.0f}% on average, {100 * top[1]:.0f}% had ended by {last}"
    said = {
        "ends": f"By {last}, {made.practices - round(every['ends'].rows[-1][1]):,} of {made.practices:,} contracts had ended",
        "distances": "Lower is nearer: the model against size alone and no change",
        "coverage": f"{made.coverage()[0]} of {made.coverage()[1]} intervals held for England, {made.coverage('boards')[0]} of {made.coverage('boards')[1]} for boards",
        "england": "England's figures, forecast and fact",
        "fitted": "Size and shrinking tell most of which contracts end",
        "yearly": "What goes up and down by years",
        "staff": "Posts follow lists slowly",
    }
    figures = tuple(Figure(said[n], every[n]) for n in ("ends", "distances", "coverage", "england"))
    return Document(
        "Backtest of the years ahead",
        headline(made),
        {
            "England": made.england,
            "Fitted on": span_name(made.fits.years),
            "Forecast from": year_name(made.base),
            "Years not used for fitting": span_name(made.years),
            "Draws": f"{made.draws:,}, seed {made.seed}",
        },
        (
            Section("How near it came", figures=(Figure(sentence, bins, drawn), *figures)),
            Section(
                "What was fitted",
                figures=tuple(Figure(said[n], every[n]) for n in ("fitted", "yearly", "staff") if n in every),
            ),
        ),
    )


def write(made: Backtest, folder: Path) -> list[Path]:
    """Every table as CSV, all findings as JSON, and the page with the calibration plot."""
    written = twins.write_tables(tables(made), folder)
    written.append(files.write_json(made.to_dict(), folder / "backtest.json"))
    page = folder / "backtest.html"
    page.write_text(render(document(made)), encoding="utf-8")
    return [*written, page]
