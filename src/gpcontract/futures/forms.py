"""Forms: lists that pass from partnerships to trusts, networks and companies by a contract's schedule, and networks that opt in."""

from __future__ import annotations

from typing import Any

from ..engine.arrays import clip, maximum, namespace


def passing(chance: Any, tilt: Any, partnership: Any, u: Any, central: Any) -> Any:
    """What part of what partners hold passes in a year. tilt: factor by practice, with mean 1 over what partners hold."""
    xp = namespace(u)
    stays = xp.log(maximum(1.0 - chance, 1e-300))  # the tilt is of these odds, so that at a chance of 1 all pass
    each = 1.0 - xp.exp(tilt * stays)
    happens = xp.where(u < each, 1.0, 0.0)
    return (central * each + (1.0 - central) * happens) * xp.where(partnership > 0, 1.0, 0.0)


def spread(adopted: Any, speed: Any, imitation: Any) -> Any:
    """Part of those who would gain that have moved, a year on: of their own accord, and the faster the more others have."""
    return clip(adopted + (speed + imitation * adopted) * (1.0 - adopted), 0.0, 1.0)


def opting_in(joined: Any, adopted: Any, ever: Any, u_ever: Any, u_when: Any, central: Any) -> Any:
    """The part of each practice whose network has opted in: it would gain (u_ever under its chance), and its time has come."""
    xp = namespace(u_ever)
    whole = xp.where((u_ever < ever) & (u_when < adopted), 1.0, 0.0)
    return maximum(joined, central * (ever * adopted) + (1.0 - central) * whole)
