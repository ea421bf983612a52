"""What both exporters share: the templates of this package, and a document in place of cells."""

from __future__ import annotations

from typing import Any

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from nbconvert.exporters import TemplateExporter
from nbconvert.exporters.exporter import Exporter
from traitlets import default

from impact_report.exporters.document import Document, document_from_notebook
from impact_report.exporters.markup import TEMPLATES


class CompiledTemplates(BytecodeCache):
    """Templates as they were compiled, while the process lives; Jinja compiles one anew whose text has changed."""

    def __init__(self) -> None:
        self._compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give a template's code, if there is any; the bucket refuses that of another text."""
        if bucket.key in self._compiled:
            bucket.bytecode_from_string(self._compiled[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template's code."""
        self._compiled[bucket.key] = bucket.bytecode_to_string()


class ReportExporter(TemplateExporter):
    """An nbconvert exporter that renders a document; itself a TemplateExporter, since traitlets ignores a mixin."""

    @default("extra_template_basedirs")
    def _own_templates(self) -> list[str]:
        return [str(TEMPLATES)]

    def document(self, notebook: Any, resources: Any, **options: Any) -> tuple[Document, Any]:
        """Return the document of a notebook, after whatever preprocessors were configured."""
        copied, resources = Exporter.from_notebook_node(self, notebook, resources, **options)
        return document_from_notebook(copied), resources
