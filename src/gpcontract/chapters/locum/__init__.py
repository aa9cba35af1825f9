"""Reimbursements for people: locum cover, study leave, retained doctors, appraisal, pensions."""
