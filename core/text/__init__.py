"""Texts of people: ``compared`` says when two are the same, ``shown`` how they must look."""
