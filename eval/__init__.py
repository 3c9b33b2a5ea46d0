"""Measures answers: question sets, metrics, reports and sample articles."""
