"""The customers slice: cards of people and companies, and the chronicle of contacts."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from webapp.core.feature import Feature, NavGroup, NavItem, Permission, SearchSource
from webapp.customers import consent_views, losing_views, tag_views, text_views, unsubscribe_views, views
from webapp.customers.consent_labels import CHRONICLE_SUBJECTS, MESSAGE_RESULTS
from webapp.customers.consent_papers import CONSENT_PAPERS
from webapp.customers.finding import find_hits
from webapp.customers.labels import LOST_REASONS, LOST_SUBJECTS, register_chronicle
from webapp.customers.messages import guard_message, note_failed, note_sent
from webapp.customers.shipped_texts import ship_texts
from webapp.integrations.beats import SendDone, SendFailed
from webapp.integrations.messaging.guarding import register_guard
from webapp.kit.identifiers import read_bic, read_inn, read_kpp, read_ogrn, read_plate, read_vin
from webapp.kit.phones import normalise_phone


def _set_up(app: Flask) -> None:
    register_guard(app, guard_message)
    register_chronicle(app, subjects=CHRONICLE_SUBJECTS, results=MESSAGE_RESULTS)
    register_chronicle(app, subjects=LOST_SUBJECTS, results=LOST_REASONS)


CUSTOMERS = Feature(
    name="customers",
    blueprints=(views.bp, tag_views.bp, losing_views.bp, text_views.bp, consent_views.bp, unsubscribe_views.bp),
    listeners=((SendDone, note_sent), (SendFailed, note_failed)),
    setup=_set_up,
    reference=ship_texts,
    papers=CONSENT_PAPERS,
    permissions=(
        Permission("customers.see", _l("See customers")),
        Permission("customers.add", _l("Add customers")),
        Permission("customers.change", _l("Change customers and note contacts")),
        Permission("customers.consent", _l("Record and withdraw consents of customers")),
        Permission("customers.change_texts", _l("Write the texts of consents")),
    ),
    navigation=(
        NavItem(
            _l("Customers"), "customers.list_customers", "customers.see", position=30, icon="users", phone=True, key="u"
        ),
        NavItem(
            _l("Texts of consents"),
            "consent_texts.show_texts",
            "customers.change_texts",
            position=60,
            icon="license",
            group=NavGroup.SETUP,
        ),
    ),
    actions=(
        NavItem(_l("Add a customer"), "customers.show_new_customer", "customers.add", position=20, icon="user-plus"),
    ),
    search=(SearchSource(_l("Customers"), "customers.see", find_hits),),
    refusals={
        "customer_unknown": _l("This customer does not exist, or is not visible to you."),
        "lost_already": _l("This customer is marked as lost already."),
        "not_marked_lost": _l("This customer is not marked as lost."),
        "tag_too_long": _l("A tag has %(most)s characters at most."),
        "tags_too_many": _l("A card has %(most)s tags at most."),
        "name_missing": _l("Ask for a name."),
        "name_too_long": _l("A name has %(most)s characters at most. Shorten it."),
        "phone_invalid": _l("“%(typed)s” is not a complete phone number. Example: +7 900 000-12-34."),
        "phone_taken": _l(
            "The phone %(number)s stands on another card. Open that card instead of making a second one."
        ),
        "owner_unknown": _l("Choose a colleague from the list."),
        "birth_date_unlikely": _l("This birth date cannot be right."),
        "contact_in_future": _l("A contact that happened lies in the past. For a future one plan a task."),
        "consent_channel_missing": _l("Choose at least one channel."),
        "consent_in_future": _l("A consent is recorded when it has been given. Check the day."),
        "consent_ends_early": _l("It would have run out already. Choose a later day, or none."),
        "consent_text_unknown": _l("Choose the text from the list."),
        "consent_proof_missing": _l(
            "A consent must be provable: add the signed sheet, or write down where the proof is found."
        ),
        "consent_given_already": _l("This consent is on file already and holds."),
        "consent_not_held": _l("There is nothing to withdraw: the consent does not hold any more."),
        "consent_kind_unknown": _l("There is no such consent."),
        "consent_text_missing": _l("The text is needed in both languages."),
        "consent_text_same": _l("Nothing has changed: this is the version in force."),
        "unsubscribe_link_broken": _l(
            "This link is not complete. Copy it from the mail as a whole, or answer the mail: we will end the offers."
        ),
        "unsubscribe_link_old": _l("This link is too old. Use the one in the last mail, or answer that mail."),
        "next_contact_in_past": _l("The next contact lies in the past. Choose a later time."),
    },
    text_kinds={
        "phone": normalise_phone,
        "vin": read_vin,
        "plate": read_plate,
        "inn": read_inn,
        "kpp": read_kpp,
        "ogrn": read_ogrn,
        "bic": read_bic,
    },
)
