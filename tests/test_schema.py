"""The shipped JSON Schemas are those of the models, and editors that use them accept the bundled files."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

from impact_report import brand, codebook, wave

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "impact_report"
SHIPPED = {
    "codebook": (SOURCE / "codebook.schema.json", codebook.Codebook),
    "wave": (SOURCE / "wave.schema.json", wave.Wave),
    "brand": (SOURCE / "brand.schema.json", brand.Brand),
}
STUDIES = [ROOT / "data" / "raw", ROOT / "tests" / "studies" / "starwars"]
CODEBOOKS = [study / "codebook.yml" for study in STUDIES]
BRANDS = [study / "brand.yml" for study in STUDIES]
WAVES = [path for study in STUDIES for path in sorted(study.glob("*/wave.yml"))]


class Yaml12(yaml.SafeLoader):
    """YAML as editors read it, by its version 1.2: yes, no, on and off are text, and a date is one."""


_TRUE_OR_FALSE, _TIMESTAMP = "tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp"
Yaml12.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in (_TRUE_OR_FALSE, _TIMESTAMP)]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Yaml12.add_implicit_resolver(_TRUE_OR_FALSE, re.compile("true|false|True|False|TRUE|FALSE"), list("tTfF"))


def read(path: Path) -> dict:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=Yaml12)


def problems(content: object, kind: str) -> list[str]:
    """Return what an editor would underline."""
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads(SHIPPED[kind][0].read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    found = jsonschema.Draft202012Validator(schema).iter_errors(content)
    return [f"{'/'.join(map(str, one.absolute_path))}: {one.message}" for one in found]


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


# --- The schemas ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", SHIPPED)
def test_the_shipped_schema_is_that_of_the_model(kind):
    path, model = SHIPPED[kind]
    assert path.read_text(encoding="utf-8") == codebook.schema(model)


def test_without_a_model_it_is_the_codebooks():
    assert codebook.schema() == codebook.schema(codebook.Codebook)


@pytest.mark.parametrize("kind", SHIPPED)
def test_every_key_is_in_the_schema_and_no_other_is_allowed(kind):
    path, model = SHIPPED[kind]
    schema = json.loads(path.read_text(encoding="utf-8"))
    assert set(schema["properties"]) == set(model.model_fields)
    assert schema["additionalProperties"] is False


# --- The bundled files ------------------------------------------------------------------------------------------------


def test_there_are_files_to_check():
    assert all(path.is_file() for path in CODEBOOKS)
    assert len(WAVES) >= 3


def test_yaml_is_read_as_editors_read_it(tmp_path):
    path = tmp_path / "one.yml"
    path.write_text("{a: yes, b: off, c: true, d: 2019-12-31, e: 5}")
    assert read(path) == {"a": "yes", "b": "off", "c": True, "d": "2019-12-31", "e": 5}


@pytest.mark.parametrize("path", CODEBOOKS, ids=named)
def test_bundled_codebooks_fit_the_schema(path):
    assert problems(read(path), "codebook") == []


@pytest.mark.parametrize("path", WAVES, ids=named)
def test_bundled_waves_fit_the_schema(path):
    assert problems(read(path), "wave") == []


@pytest.mark.parametrize("path", BRANDS, ids=named)
def test_bundled_brands_fit_the_schema(path):
    assert problems(read(path), "brand") == []


@pytest.mark.parametrize(
    "path", [path for path in CODEBOOKS + WAVES + BRANDS if path.is_relative_to(ROOT / "data")], ids=named
)
def test_bundled_files_name_their_schema_in_the_first_line(path):
    first = path.read_text(encoding="utf-8").splitlines()[0]
    kind = path.stem
    named_there = first.removeprefix("# yaml-language-server: $schema=")
    assert (path.parent / named_there).resolve() == SHIPPED[kind][0].resolve()


# --- What an editor underlines ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("given", ["off", False, 2, 10])
def test_smallest_count_may_be_off_or_a_number(given):
    content = read(WAVES[0]) | {"smallest_count": given}
    assert problems(content, "wave") == []


@pytest.mark.parametrize("given", ["of", "no", True, 1, -3, 2.5, None])
def test_smallest_count_may_be_nothing_else(given):
    content = read(WAVES[0]) | {"smallest_count": given}
    assert [one.partition(":")[0] for one in problems(content, "wave")] == ["smallest_count"]


@pytest.mark.parametrize("kind", SHIPPED)
def test_a_misspelt_key_is_seen(kind):
    path = {"codebook": CODEBOOKS[0], "wave": WAVES[0], "brand": BRANDS[0]}[kind]
    assert len(problems(read(path) | {"tittle": "a mistake"}, kind)) == 1


@pytest.mark.parametrize("kind", ["codebook", "wave"])
def test_a_missing_key_is_seen(kind):
    path = {"codebook": CODEBOOKS[0], "wave": WAVES[0]}[kind]
    content = read(path)
    del content[{"codebook": "sections", "wave": "respondents"}[kind]]
    assert len(problems(content, kind)) == 1
