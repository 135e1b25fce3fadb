"""Conformance: each operation that the server offers, held against the published service model."""
