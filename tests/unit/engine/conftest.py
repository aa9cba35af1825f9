"""Property tests are judged by their answers, not by the clock of a busy machine."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile("gpcontract", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("gpcontract")
