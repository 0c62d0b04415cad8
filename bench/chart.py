"""A chart of what one request costs: ours above stock, and a mark at what was to be reached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .small { font-size: 11px }
  .ours { fill: #0969da } .ours-database { fill: #80b3ed }
  .stock { fill: #6e7781 } .stock-database { fill: #b7bcc2 }
  .goal { stroke: #bc4c00; stroke-width: 2 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .ours { fill: #4493f8 } .ours-database { fill: #2c5c99 }
    .stock { fill: #9198a1 } .stock-database { fill: #565c64 }
    .goal { stroke: #f0883e }
  }
"""
WIDTH, LABELS, ROOM = 760, 200, 60
BAR, GROUP, TOP = 14, 46, 64


@dataclass(frozen=True)
class Bar:
    """What one request costs, in milliseconds of the processor."""

    name: str
    server: float
    database: float

    @property
    def whole(self) -> float:
        return self.server + self.database


@dataclass(frozen=True)
class Group:
    """One operation; `goal` is what ours was to cost at the most."""

    title: str
    ours: Bar
    stock: Bar
    goal: float


def svg(title: str, groups: Sequence[Group]) -> str:
    height = TOP + GROUP * len(groups)
    description = "; ".join(
        f"{group.title}: ours {group.ours.whole:.2f}, stock {group.stock.whole:.2f}"
        for group in groups
    )
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}"'
        ' role="img" aria-labelledby="title description">',
        f'<title id="title">{escape(title)}</title>',
        f'<desc id="description">{escape(description)}.</desc>',
        f"<style>{STYLE}</style>",
        f'<text x="0" y="16">{escape(title)}</text>',
        *legend(),
    ]
    for number, group in enumerate(groups):
        lines += drawn(group, TOP + GROUP * number)
    return "\n".join([*lines, "</svg>\n"])


def legend() -> list[str]:
    words = ["ours, server", "database", "stock, server", "database"]
    kinds = ["ours", "ours-database", "stock", "stock-database"]
    lines = []
    for number, (word, kind) in enumerate(zip(words, kinds, strict=True)):
        x = number * 115
        lines.append(f'<rect class="{kind}" x="{x}" y="30" width="11" height="11"/>')
        lines.append(f'<text class="small" x="{x + 16}" y="40">{word}</text>')
    x = len(words) * 115
    lines.append(f'<line class="goal" x1="{x + 5}" x2="{x + 5}" y1="28" y2="43"/>')
    lines.append(f'<text class="small" x="{x + 16}" y="40">goal of ours</text>')
    return lines


def drawn(group: Group, top: int) -> list[str]:
    """Both bars, the longer one over the whole width: what counts is the one beside the other."""
    scale = (WIDTH - LABELS - ROOM) / max(group.ours.whole, group.stock.whole)
    goal = LABELS + group.goal * scale
    lines = [f'<text x="0" y="{top + BAR + 4}">{escape(group.title)}</text>']
    for number, bar in enumerate((group.ours, group.stock)):
        y, middle = top + number * (BAR + 2), LABELS + bar.server * scale
        end = LABELS + bar.whole * scale
        # The number of the upper bar keeps clear of the mark.
        words = (end if number else max(end, goal)) + 6
        lines += [
            f'<rect class="{bar.name}" x="{LABELS}" y="{y}" width="{middle - LABELS:.1f}"'
            f' height="{BAR}"/>',
            f'<rect class="{bar.name}-database" x="{middle:.1f}" y="{y}"'
            f' width="{end - middle:.1f}" height="{BAR}"/>',
            f'<text class="small" x="{words:.1f}" y="{y + 11}">{bar.whole:.2f}</text>',
        ]
    lines.append(
        f'<line class="goal" x1="{goal:.1f}" x2="{goal:.1f}" y1="{top - 3}" y2="{top + BAR + 1}"/>'
    )
    return lines
