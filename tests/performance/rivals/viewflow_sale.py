"""The guided model in django-viewflow: each line on the standard input completes one open task, durably.

Runs in an environment of its own. The boundary timers of the model are left out: viewflow has none.
"""

import sys

import django
from django.conf import settings

settings.configure(
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "viewflow",
        "viewflow.workflow",
        "viewflow_app",
    ],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": sys.argv[1],
            "OPTIONS": {"init_command": "PRAGMA journal_mode=wal; PRAGMA synchronous=full;"},
        }
    },
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    SECRET_KEY="measured",
    USE_TZ=True,
)
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402
from viewflow.workflow.models import Task  # noqa: E402
from viewflow.workflow.status import STATUS  # noqa: E402
from viewflow_app.flows import Sale  # noqa: E402


def say(word):
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def step():
    """Complete the oldest open task; begin a new process when none is open."""
    with transaction.atomic():
        waiting = Task.objects.filter(status=STATUS.NEW).order_by("pk").first()
        if waiting is None:
            Sale.begin.run()
            waiting = Task.objects.filter(status=STATUS.NEW).order_by("pk").first()
        node = waiting.flow_task
        process = node.flow_class.process_class.objects.get(pk=waiting.process_id)
        process.data = {**(process.data or {}), node.name: "yes"}
        process.save()
        activation = node.activation_class(waiting)
        activation.assign(None)
        activation.start(None)
        activation.execute()


call_command("migrate", verbosity=0)
say("ready")
for _line in sys.stdin:
    step()
    say("done")
