"""Editions of the catalog and the rows that belong to them, an organisation's own entries, and the index of both.

An edition is immutable: its rows are never changed, and the database refuses to (migrations/0003). A correction is
another edition. Rows of other subjects refer to threats and controls by their stable key, never by their id. Fields are
named as in the data file. Only catalog/loading.py writes editions, only catalog/services.py the rest.
"""

from catalog.models.editions import Edition, Entry, Term
from catalog.models.entries import Control, ControlGroup, Impact, Threat, ThreatControl
from catalog.models.own import OwnControl, OwnEntry, OwnLink, OwnRevision, OwnThreat
from catalog.models.profile import Modifier, Point, Question, QuestionGroup, Rule
from catalog.models.references import (
    Concern,
    Exhibit,
    Framework,
    FrameworkItem,
    ItemLink,
    OpenCre,
    Standard,
)
from catalog.models.search import SearchEntry, SearchWord

__all__ = [
    "Concern",
    "Control",
    "ControlGroup",
    "Edition",
    "Entry",
    "Exhibit",
    "Framework",
    "FrameworkItem",
    "Impact",
    "ItemLink",
    "Modifier",
    "OpenCre",
    "OwnControl",
    "OwnEntry",
    "OwnLink",
    "OwnRevision",
    "OwnThreat",
    "Point",
    "Question",
    "QuestionGroup",
    "Rule",
    "SearchEntry",
    "SearchWord",
    "Standard",
    "Term",
    "Threat",
    "ThreatControl",
]
