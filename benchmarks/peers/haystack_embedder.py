"""The encoder of the peers as a component of Haystack, whose own has moved to a package of its own."""

# No postponed annotations: Haystack reads the types of a component's method when the class is made.

from pathlib import Path

from haystack import component

from benchmarks.peers.need_encoder import NeedEncoder


@component
class NeedEmbedder:
    """Text → vector."""

    def __init__(self, model: Path) -> None:
        self._encoder = NeedEncoder(model)

    @component.output_types(embedding=list[float])
    def run(self, text: str) -> dict[str, list[float]]:
        """The vector of one text."""
        return {"embedding": self._encoder.encode([text])[0].tolist()}
