"""The portal in a second language: which one a person chose, and what Vietnamese sentences are in it.

The law, the rules and every stored sentence are Vietnamese and stay so (docs/decisions/0090). What is in
the code goes through gettext; what comes from the law or from a row is translated where a template shows
it (``speech``, ``loader``). The translations are ``locale/en/LC_MESSAGES/django.po``, made by hand;
``manage.py collect_strings`` keeps its list of sentences fresh (docs/how-to/translate.md).
"""
