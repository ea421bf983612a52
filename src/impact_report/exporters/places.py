"""Where each number is printed, and the way back to there from its evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from impact_report.exporters.structure import Block, Inline, nodes, row_cells

EVIDENCE_WORD = "e."  # the id of the word that ends the name of a number in a table


@dataclass(frozen=True)
class Number:
    """A number where it is printed.

    `place` is a kind (figure, table, sentence …), `label` what readers call it, `home` the anchor of the block or the
    heading that it stands in or under.
    """

    order: int
    place: str
    label: str
    heading: str
    home: str
    node: Inline

    @property
    def spot(self) -> str:
        """The anchor nearest to the number: its own, or that of its row, its block or its heading."""
        own = self.node.get("anchor") or self.node.get("own_id")
        return own or (self.node["target"] if self.node["at_home"] else self.home)


def tell_ways_back(
    printed: Iterable[Number], tables: Iterable[Block], blocks: Iterable[Block], owners: Mapping[str, str]
) -> None:
    """Tell each evidence block, and each of its rows, where its numbers are printed; those places get anchors.

    `owners` names the evidence block that an anchor lies in. Of each place the first number gets an anchor, as it
    costs bytes; a number of a drawing that has no spot on it is found by its figure.
    """
    found: dict[str, dict[tuple[str, str], Inline]] = {}
    for number in printed:
        node = number.node
        if node["at_home"] or not node.get("evidence"):
            continue
        owner = owners.get(node["target"], node["target"])
        for anchor in dict.fromkeys((owner, node["evidence"], node["target"])):
            first = found.setdefault(anchor, {}).setdefault((number.label, number.home), node)
            if not first["in_figure"] or first.get("spot"):
                first["anchor"] = f"number-{first['order']}"
    for order, table in enumerate(tables, start=1):
        _name_by_row_and_column(table, order)
    for block in blocks:
        if block["block"] == "evidence":
            block["printed_in"] = _places_of(found.get(block["id"], {}))
            for row in (block["table"] or {"rows": []})["rows"]:
                if isinstance(row, dict):
                    row["printed_in"] = _places_of(found.get(row.get("id"), {}))


def _places_of(places: dict[tuple[str, str], Inline]) -> list[dict[str, str]]:
    return [{"label": label, "anchor": node.get("anchor") or node["in_figure"]} for (label, _), node in places.items()]


def _name_by_row_and_column(table: Block, order: int) -> None:
    """A number of a table is named by itself, its row and its column, which stand on the page already.

    Ids made here hold a full stop, which no slug does.
    """
    table["row_ids"], table["column_ids"] = {}, {}
    # A table with a role of its own may hold no links but those of its rows: there the browser's own role must do.
    table["caption_links"] = any(node["t"] in ("number", "link", "note") for node in nodes(table["caption"]))
    for position, row in enumerate(table["rows"]):
        for place, cell in enumerate(row_cells(row)):
            for node in nodes(cell["c"]):
                if place == 0 or node["t"] != "number" or node["at_home"]:
                    continue
                node["own_id"] = f"n.{node['order']}"
                row_id = table["row_ids"].setdefault(position, f"r.{node['order']}")
                if table["columns"][place]["label"]:
                    table["column_ids"][place] = f"c.{order}.{place}"
                column_id = [table["column_ids"][place]] if place in table["column_ids"] else []
                name = node.get("anchor") or node["own_id"]
                node["named_by"] = " ".join([name, row_id, *column_id, EVIDENCE_WORD])
