"""The Quality and Outcomes Framework: points for what patients receive, paid by list and prevalence."""
