"""What passes between the caller and the reading process."""

from dataclasses import dataclass, field

from corpus.reading.pdf.limits import Limits

IDLE_S = 30.0
"""A reading process that nobody has asked for so long ends by itself."""


@dataclass(frozen=True, slots=True)
class Request:
    """Everything but the bytes."""

    file_name: str
    limits: Limits = field(default_factory=Limits)
    password: str | None = None
    left_out: tuple[int, ...] = ()  # pages that broke an earlier attempt
    ocr: bool = False  # whether scanned pages may be recognised
