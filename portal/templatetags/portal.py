"""Filters every template has: dates, money and numbers as people here write them."""

from django import template

register = template.Library()
