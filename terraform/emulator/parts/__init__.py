"""Each part adds to one of moto's services, by being imported."""

from parts import budgets, flink, functions, gateway, logs, rights, streams  # noqa: F401
