"""Templates that show Vietnamese sentences in the language of the page.

Words written in a template go through {% translate %}. What a variable brings along, a question of the
law, the message of a rule, a status, is a Vietnamese sentence: it is translated where it is written out.
Values of form fields are never touched: they go back to the server.
"""

import re
from collections.abc import Iterator
from dataclasses import is_dataclass
from typing import Any, cast

from django.contrib.messages.storage.base import Message
from django.template import Context, Template
from django.template.base import (
    FilterExpression,
    Node,
    NodeList,
    TokenType,
    Variable,
    VariableDoesNotExist,
    VariableNode,
    render_value_in_context,
)
from django.template.defaulttags import FirstOfNode
from django.template.library import SimpleBlockNode, SimpleNode
from django.template.loaders import cached
from django.templatetags.i18n import BlockTranslateNode
from django.utils.safestring import SafeString, mark_safe

from portal.languages.speech import translated

# Django's own templates of inputs: of what they print only the words of a choice are for people.
WIDGETS = "django/forms/widgets/"
_PARAGRAPHS = re.compile(r"(</?(?:p|br)>)")
WORDS_OF_WIDGETS = ("widget.label", "option.label", "group_name")


class Loader(cached.Loader):
    """Django's cached loader; the templates it gives out translate what they show."""

    def get_template(self, template_name: str, skip: Any = None) -> Template:
        template = super().get_template(template_name, skip)
        if not hasattr(template, "speaks"):
            _let_speak(template, template_name)
            template.speaks = True  # type: ignore[attr-defined]
        return template


def _let_speak(template: Template, name: str) -> None:
    for node in _nodes(template.nodelist):
        if isinstance(node, VariableNode):
            if not name.startswith(WIDGETS) or node.filter_expression.token in WORDS_OF_WIDGETS:
                node.__class__ = SpeakingVariable
        elif isinstance(node, BlockTranslateNode):
            given = {name: Variable(name) for name in _names_in(node)} | node.extra_context
            words = {key: SpeakingExpression(value) for key, value in given.items()}
            node.extra_context = cast(dict[str, FilterExpression], words)
        elif isinstance(node, FirstOfNode):
            node.vars = cast(list[FilterExpression], [SpeakingExpression(value) for value in node.vars])
        elif type(node) is SimpleNode and node.target_var is None:  # a block tag keeps what is in it
            node.__class__ = SpeakingTag


def _nodes(nodes: NodeList) -> Iterator[Node]:
    for kind in (VariableNode, BlockTranslateNode, FirstOfNode, SimpleNode):
        yield from nodes.get_nodes_by_type(kind)
    for block in nodes.get_nodes_by_type(SimpleBlockNode):  # Django doesn't look into these
        yield from _nodes(cast(SimpleBlockNode, block).nodelist)


def _names_in(block: BlockTranslateNode) -> Iterator[str]:
    """What the sentence of a {% blocktranslate %} holds besides what it is given."""
    for token in (*block.singular, *(block.plural or ())):
        if token.token_type is TokenType.VAR and token.contents != block.countervar:
            yield token.contents


def spoken(value: object) -> object:
    """A sentence in the language of the page; anything else as it is."""
    if isinstance(value, SafeString):
        # Sentences and paragraphs a template called safe, and so are their translations.
        parts = _PARAGRAPHS.split(value)
        if any("<" in part for part in parts[::2]):
            return value
        return mark_safe("".join(translated(part) for part in parts))  # noqa: S308
    if isinstance(value, (str, Message)) or (is_dataclass(value) and not hasattr(value, "__html__")):
        return translated(str(value))  # a dataclass that is printed is a term of the law, e.g. a Basis
    return value


class SpeakingVariable(VariableNode):
    """{{ variable }}."""

    def render(self, context: Context) -> SafeString:
        try:
            value = self.filter_expression.resolve(context)
        except UnicodeDecodeError:
            return SafeString("")
        return SafeString(render_value_in_context(spoken(value), context))


class SpeakingExpression:
    """What {% blocktranslate with name=… %} puts into its sentence."""

    def __init__(self, expression: FilterExpression | Variable) -> None:
        self.expression = expression

    def resolve(self, context: Context, ignore_failures: bool = False) -> object:
        if isinstance(self.expression, FilterExpression):
            return spoken(self.expression.resolve(context, ignore_failures))
        try:
            return spoken(self.expression.resolve(context))
        except VariableDoesNotExist:
            return ""


class SpeakingTag(SimpleNode):
    """{% tag %} of a function that gives words."""

    def render(self, context: Context) -> SafeString:
        return SafeString(spoken(SafeString(super().render(context))))
