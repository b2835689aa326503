"""The routes of the register."""

from tests.webapp.routes import Route

ROUTES: dict[str, Route] = {
    "inquiries.list_inquiries": Route("inquiries.see"),
    "inquiries.register_inquiry": Route("inquiries.add"),
    "inquiries.show_card": Route("inquiries.add"),
    "inquiries.show_matches": Route("inquiries.add"),
    "inquiries.show_register": Route("inquiries.add"),
}
