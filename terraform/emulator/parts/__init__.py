"""Each part adds to one of moto's services, by being imported."""

from parts import budgets, events, flink, functions, gateway, rights, streams  # noqa: F401
