"""Proposes a profile from a payload: which field is what, by its name, by its form, and by what adds up."""
