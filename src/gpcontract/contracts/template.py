"""The commented YAML that a contract of one's own starts from."""

from __future__ import annotations

import json
import textwrap

from ..engine.edits import KINDS
from .contract import Contract

EXAMPLES = ("global_sum_price", "ooh_deduction_share", "qof_point_value")


def template(base: str, title: str) -> str:
    """A contract over `base` that changes nothing yet, with what can be written in it as comments."""
    made = Contract.load(base)
    mine = [v for v in EXAMPLES if v in made.values] or list(made.values)[:3]
    switches = [m for m in made.mechanisms if m.switch]
    parts = [
        f"# A contract of your own, over `{base}`. Edit it, then run:",
        "#   gpcontract contract check THIS_FILE      every mistake, with its line and a hint",
        f"#   gpcontract compare {base} THIS_FILE      what it costs, who gains and who loses",
        f"# `gpcontract contract values --contract {base}` lists every value that can be changed, with its unit and source.",
        "",
        f"title: {json.dumps(title, ensure_ascii=False)}",
        "about: >-",
        "  Say in a sentence or two what it is for.",
        "# reading: How to take what it changes, in words for anybody.      patients: What they would notice.",
        'proposer: ""',
        f"base: {base}",
        "",
        "# Chapters to bring in besides those of the base (folders under gpcontract/chapters).",
        "chapters: []",
        "",
        "# Edits that are always in force. Years are 2025/26, 2025/26-, -2024/25 or 2025/26-2027/28; none means every year.",
        f"# Kinds: {', '.join(KINDS)}.",
        "edits: []",
        *(
            f"# - {{kind: scale, value: {v}, amount: 1.05}}    # {made.values[v].title} ({made.values[v].unit})"
            for v in mine
        ),
        "",
        "# Mechanisms: named things your contract does, each with a switch or edits and its dates. A comparison takes them",
        "# as wholly in force; the timeline says when they start (from), are complete (full_by) and end (until).",
        "mechanisms: {}",
        "#   higher_price:",
        "#     title: A higher price for each weighted patient",
        "#     ids: []                      # ids of the debate's inventory, if it is there",
        "#     plain: What it does to a surgery's money, in words for anybody.",
        "#     about: Why, and what had to be assumed.",
        "#     edits:",
        "#     - {kind: scale, value: global_sum_price, amount: 1.05, range: [1.02, 1.08]}   # a range marks it as assumed",
        "#     from: 2025/26",
        "#     full_by: 2027/28",
    ]
    if switches:
        parts += ["", f"# The mechanisms of `{base}`; an edit of the switch to 0 leaves one out:"]
        for m in switches:
            parts += textwrap.wrap(
                f"{{kind: set, value: {m.switch}, amount: 0}}    # {m.title}",
                120,
                initial_indent="# - ",
                subsequent_indent="#   ",
            )
    return "\n".join(parts) + "\n"
