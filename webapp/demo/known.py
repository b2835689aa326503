"""A customer of the demo who turns to us again, because a campaign has written to him."""

from dataclasses import dataclass, replace

from webapp.inquiries.services import InquiryFacts


@dataclass(frozen=True)
class Known:
    """Who he is, and how he lets us know of the campaign; he may say nothing of it.

    `dialled`: the number of the campaign, if it is the one he calls.
    """

    customer_id: int
    source: str
    campaign: str = ""
    dialled: str = ""

    def says(self, facts: InquiryFacts) -> InquiryFacts:
        """What is registered of his inquiry: whom it is from is known."""
        return replace(
            facts,
            phone="",
            name="",
            customer_id=self.customer_id,
            source_code=self.source,
            campaign=self.campaign,
            dialled_number=self.dialled,
        )
