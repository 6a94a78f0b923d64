"""The fixed words of the catalog: what a field may say, and how people read it."""

from django.db.models import TextChoices

LONGEST_KEY = 60  # characters of a stable key; risks keep it by the same length
LONGEST_LINE = 200  # of a title or a name
LONGEST_TEXT = 2_000  # of a text in sentences


class ThreatKind(TextChoices):
    """A group holds threats; it is no risk of its own unless a rule says so."""

    THREAT = "threat", "Threat"
    GROUP = "group", "Group"


class Surface(TextChoices):
    """Where the attack begins."""

    INPUT = "input", "Input, while in use"
    DEVELOPMENT = "development-time", "Development"
    RUNTIME = "runtime", "Runtime"


class Lifecycle(TextChoices):
    """When a threat strikes or a control works."""

    DEVELOPMENT = "development-time", "Development"
    RUNTIME = "runtime", "Runtime"


class Property(TextChoices):
    """What of an asset an impact hurts."""

    CONFIDENTIALITY = "confidentiality", "Confidentiality"
    INTEGRITY = "integrity", "Integrity"
    AVAILABILITY = "availability", "Availability"
    ALL_THREE = "CIA", "Confidentiality, integrity and availability"


class ControlArea(TextChoices):
    """The part of the Exchange that a control comes from (`group` in the data file)."""

    GOVERNANCE = "governance", "Governance"
    DATA_LIMITATION = "data_limitation", "Data limitation"
    UNWANTED_BEHAVIOUR = "limit_unwanted_behaviour", "Limiting unwanted behaviour"
    INPUT_THREATS = "input_threats_general", "Input threats in general"
    DEVELOPMENT = "development_time_general", "Development in general"
    ONE_THREAT = "threat_specific", "Particular threats"
    AGENTS = "agentic_runtime", "Agents at runtime"


class ControlType(TextChoices):
    """Whose craft a control is."""

    GOVERNANCE = "governance", "Governance"
    INFORMATION_SECURITY = "information security", "Information security"
    AI_ENGINEER = "AI engineer", "AI engineering"


class Strength(TextChoices):
    """How close a control is to a threat, closest first."""

    SPECIFIC = "specific", "Own"
    NAMED = "named", "Named by the threat"
    LISTED_IN_MATRIX = "listed_in_matrix", "In the periodic table"
    INHERITED = "inherited", "From a group above"
    RELATED = "related", "From a related threat"
    EMPHASISED_GENERAL = "emphasised_general", "General, stressed here"
    GENERAL = "general", "General"
    EXCLUDED = "excluded", "No protection here"

    @property
    def rank(self) -> int:
        """0 for the closest."""
        return list(Strength).index(self)


class Party(TextChoices):
    """Who has a control in hand."""

    OWN = "own", "Own"
    SUPPLIER = "supplier", "Supplier"


class QuestionKind(TextChoices):
    """How many answers a question takes."""

    ONE = "one", "One of several"
    MANY = "many", "Any of several"
    YES_NO = "yes_no", "Yes or no"


class Effect(TextChoices):
    """What a modifier says beyond whether a threat applies."""

    RAISES_IMPACT = "raises_impact", "Raises the impact"
    ADDS_EXFILTRATION = "adds_impact_data_exfiltration", "Adds data exfiltration"
    OPTIONAL_CONTROL = "optional_control", "Offers an optional control"
