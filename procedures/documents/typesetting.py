"""From a template to a PDF: portal.lib.typesetting, which accounts uses too."""

from portal.lib.typesetting import ForkedAfterTypesetting, typeset

__all__ = ["ForkedAfterTypesetting", "typeset"]
