"""What the refusals of this slice say to a person, by code."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from webapp.core.feature import Text

REFUSALS: Mapping[str, Text] = {
    "task_unknown": _l("This task does not exist, or it is not visible to you."),
    "token_nameless": _l("Give the token a name, such as that of the program."),
    "too_many_tokens": _l("You have %(most)s tokens already. Revoke one that you do not need."),
    "api_token_unknown": _l("This token does not exist, or it was revoked."),
    "token_reads_only": _l("This token only reads. Make one that may change something."),
    "idempotency_key_unfit": _l("An idempotency key has 1 to %(longest)s letters, figures and signs of ASCII."),
    "idempotency_key_reused": _l("This idempotency key belongs to another request. Use a new key for each act."),
    "cursor_unfit": _l("This is no place in this list. Take `next` of the page before."),
    "message_unwanted": _l("No case waits for this message, and no process begins with it."),
    "webhook_unknown": _l("This webhook does not exist any more."),
    "too_many_webhooks": _l("There are %(most)s webhooks already. Delete one that nobody needs."),
    "address_unreadable": _l("This is no complete address. Example: https://crm.example.com/hooks."),
    "address_not_https": _l("The address begins with https://."),
    "address_private": _l("This address lies within a private network. Webhooks go to the public network alone."),
    "inquiry_unknown": _l("This inquiry does not exist, or it is not visible to you."),
}
