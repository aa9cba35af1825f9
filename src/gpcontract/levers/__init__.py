"""The levers: numerical methods for standards, outcomes, budgets, risk, premises and pilots. They know no contract and no England.

`risk`, `capitation` and `chance`, and `reliability` and `mix` of `reliability`, use operators and `engine.arrays` only, so that a rule may call
them on any backend. The others are for findings: NumPy, and SciPy where used.
"""
