"""Other payments, as published: what no open rule or data can compute, kept so that totals reconcile."""

from __future__ import annotations

from gpcontract.engine.rules import carried

administration = carried(
    "administration", "Commissioner administration and other", clause="local commissioner payments"
)
information_technology = carried(
    "information_technology", "Information management and technology", clause="GP IT operating model"
)
transformation = carried(
    "transformation",
    "General practice forward view and transformation",
    clause="General Practice Forward View, 2016",
    years="2016/17-",
)
winter_access = carried(
    "winter_access",
    "Winter access fund",
    clause="NHS England, plan for improving access, October 2021",
    years="2021/22-",
)
other = carried("other", "Other payments", clause="payments that the publication does not break down")
covid_support = carried(
    "covid_support",
    "Covid support and expansion",
    clause="General Practice Covid Capacity Expansion Fund",
    years="2020/21-",
)
long_covid = carried("long_covid", "Long covid", clause="Long Covid enhanced service, 2021/22", years="2020/21-")
