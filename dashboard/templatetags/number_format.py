"""How templates write figures."""

from django import template

from dashboard.table import spell

register = template.Library()
register.filter("spell", spell)
