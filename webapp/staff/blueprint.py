"""The one blueprint of the staff pages; its routes stand in sign_in, profile, people and centres."""

from flask import Blueprint

bp = Blueprint("staff", __name__, template_folder="templates")
