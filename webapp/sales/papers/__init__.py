"""The papers of sales: the worksheet, the commercial offer, the agreement of a test drive."""

from webapp.core.papers import Paper
from webapp.sales.papers.offer import OFFER
from webapp.sales.papers.test_drive import TEST_DRIVE
from webapp.sales.papers.worksheet import WORKSHEET

PAPERS: tuple[Paper, ...] = (OFFER, TEST_DRIVE, WORKSHEET)
