"""The demo slice: only a command; signing in by role belongs to the staff slice."""

from webapp.core.feature import Feature
from webapp.demo.commands import demo

DEMO = Feature(name="demo", commands=(demo,))
