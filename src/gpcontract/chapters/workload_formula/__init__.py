"""Scotland's workload formula: consultations by age, sex and deprivation in place of the allocation formula."""
