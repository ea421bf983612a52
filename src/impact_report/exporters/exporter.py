"""What both exporters share: the templates of this package, and a document in place of cells."""

from __future__ import annotations

from typing import Any

from nbconvert.exporters import TemplateExporter
from nbconvert.exporters.exporter import Exporter
from traitlets import default

from impact_report.exporters.document import Document, document_from_notebook
from impact_report.exporters.markup import TEMPLATES


class ReportExporter(TemplateExporter):
    """An nbconvert exporter that renders a document; itself a TemplateExporter, since traitlets ignores a mixin."""

    @default("extra_template_basedirs")
    def _own_templates(self) -> list[str]:
        return [str(TEMPLATES)]

    def document(self, notebook: Any, resources: Any, **options: Any) -> tuple[Document, Any]:
        """Return the document of a notebook, after whatever preprocessors were configured."""
        copied, resources = Exporter.from_notebook_node(self, notebook, resources, **options)
        return document_from_notebook(copied), resources
