"""The text of one term of a filter, with the place of each of its characters."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Character:
    """A character of a term, and whether quotes or a backslash say that it is only itself."""

    text: str
    position: int
    is_literal: bool = False

    @property
    def is_space(self) -> bool:
        return self.text.isspace() and not self.is_literal


class Piece:
    """The text of one term."""

    def __init__(self, written: list[Character], begins: int) -> None:
        self.text = "".join(character.text for character in written)
        self.positions = [character.position for character in written]
        # What a keyword is looked for in: a character that is only itself is part of none.
        self.signs = "".join(
            "\0" if character.is_literal else character.text.lower() for character in written
        )
        self.begins = begins

    def after(self, length: int) -> tuple[str, int]:
        """The words after the first `length` characters, and where they begin."""
        rest = self.text[length:]
        place = length + len(rest) - len(rest.lstrip())
        begins = self.positions[place] if place < len(self.positions) else self.begins
        return " ".join(rest.split()), begins
