"""Numbers for Prometheus, when `requirements-metrics.txt` is installed; without it none are kept."""

import importlib.util
from collections.abc import Callable
from typing import Any

MISSING = "metrics need one more package: pip install -r requirements-metrics.txt"
_SECONDS = (0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0)


class Metrics:
    """Counts questions. Its registry is its own, so that several may live in one process."""

    def __init__(self) -> None:
        self._registry: Any = None
        if importlib.util.find_spec("prometheus_client") is None:
            return
        from prometheus_client import (
            CollectorRegistry,
            Counter,
            Histogram,
            PlatformCollector,
            ProcessCollector,
        )

        self._registry = registry = CollectorRegistry()
        PlatformCollector(registry=registry)
        ProcessCollector(registry=registry)
        self._questions = Counter(
            "reports_questions", "Questions by way and outcome.", ["channel", "outcome"],
            registry=registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "reports_answer_seconds", "From the question to the whole answer.", ["channel"],
            buckets=_SECONDS, registry=registry,
        )  # fmt: skip
        self._waited = Histogram(
            "reports_waited_seconds", "Of that, waiting for its turn.", buckets=_SECONDS,
            registry=registry,
        )  # fmt: skip

    def count(self, channel: str, outcome: str, total_s: float, waited_s: float) -> None:
        """Count a question that has come to its end."""
        if self._registry is None:
            return
        self._questions.labels(channel, outcome).inc()
        self._seconds.labels(channel).observe(total_s)
        self._waited.observe(waited_s)

    def watch(self, name: str, said: str, value: Callable[[], float]) -> None:
        """Report a number that is read when somebody asks."""
        if self._registry is None:
            return
        from prometheus_client import Gauge

        Gauge(f"reports_{name}", said, registry=self._registry).set_function(value)

    def text(self) -> tuple[bytes, str] | None:
        """Return (body, content type) in Prometheus' format, None without the package."""
        if self._registry is None:
            return None
        from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

        return generate_latest(self._registry), CONTENT_TYPE_LATEST
