"""Texts of several lines on pages."""

from django import template

from todos.markdown import render

register = template.Library()
register.filter("markdown", render)
