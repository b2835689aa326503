"""The application for a WSGI server: `gunicorn webapp.wsgi:app`."""

from webapp.app import create_app
from webapp.core import logs

app = create_app()
logs.set_up(app.extensions["settings"])
