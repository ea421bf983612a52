"""From an executed notebook to what a reader opens: one document, rendered as HTML and as PDF.

    structure   what a block is made of
    prose       Markdown cells as blocks
    document    the executed notebook as one document, or every reason why it must not be published
    markup      blocks as HTML, without nbconvert, so that JupyterLab shows them too
    drawing     a figure's SVG inside a page
    typefaces   the report's own font, cut down to the characters used
    words       the few words the exporters add themselves, by language
    tagging     row headers and names of links in the tag tree of the PDF
    exporter    what both exporters share
    html, pdf   the two nbconvert exporters

Nothing is imported here: blocks need `markup` only, and importing nbconvert is most of the cost of a small build.
"""
