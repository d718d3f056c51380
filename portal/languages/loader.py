"""Templates that show Vietnamese sentences in the language of the page.

Words written in a template go through {% translate %}. What a variable brings along, a question of the
law, the message of a rule, a status, is a Vietnamese sentence: it is translated where it is written out.
Values of form fields are never touched: they go back to the server.
"""

from dataclasses import is_dataclass
from typing import Any, cast

from django.contrib.messages.storage.base import Message
from django.template import Context, Template
from django.template.base import FilterExpression, VariableNode, render_value_in_context
from django.template.loaders import cached
from django.templatetags.i18n import BlockTranslateNode
from django.utils.safestring import SafeString, mark_safe

from portal.languages.speech import translated

# Django's own templates of inputs: of what they print only the words of a choice are for people.
WIDGETS = "django/forms/widgets/"
WORDS_OF_WIDGETS = ("widget.label", "group_name")


class Loader(cached.Loader):
    """Django's cached loader; the templates it gives out translate what they show."""

    def get_template(self, template_name: str, skip: Any = None) -> Template:
        template = super().get_template(template_name, skip)
        if not hasattr(template, "speaks"):
            _let_speak(template, template_name)
            template.speaks = True  # type: ignore[attr-defined]
        return template


def _let_speak(template: Template, name: str) -> None:
    for node in template.nodelist.get_nodes_by_type(VariableNode):
        if isinstance(node, VariableNode) and _is_for_people(node, name):
            node.__class__ = SpeakingVariable
    for block in template.nodelist.get_nodes_by_type(BlockTranslateNode):
        if isinstance(block, BlockTranslateNode):
            words = {key: SpeakingExpression(value) for key, value in block.extra_context.items()}
            block.extra_context = cast(dict[str, FilterExpression], words)


def _is_for_people(node: VariableNode, name: str) -> bool:
    return not name.startswith(WIDGETS) or node.filter_expression.token in WORDS_OF_WIDGETS


def spoken(value: object) -> object:
    """A sentence in the language of the page; anything else as it is."""
    if isinstance(value, SafeString):
        # Made of our own templates, or a sentence a template called safe; both come from the code.
        return mark_safe(translated(value))  # noqa: S308
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

    def __init__(self, expression: FilterExpression) -> None:
        self.expression = expression

    def resolve(self, context: Context, ignore_failures: bool = False) -> object:
        return spoken(self.expression.resolve(context, ignore_failures))
