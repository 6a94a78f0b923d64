"""The fixed words of the catalog: what a field may say, and how people read it."""

from django.db.models import TextChoices

OWN = "own-"  # what the keys of an organisation's own threats and controls begin with, and no key of an edition does
LONGEST_KEY = 60  # characters of a stable key; risks keep it by the same length
LONGEST_ITEM = 40  # of an item's id in a framework: "MANAGE 4.1", "v1.0-C10.2"
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


class Fit(TextChoices):
    """Whether a threat concerns a kind of model or system, as far as the source says; null where it is silent."""

    YES = "yes", "Yes"
    LOW = "low", "Less so"
    NO = "no", "No"


class ModelType(TextChoices):
    """Kinds of model and system that the source tells apart."""

    GENAI = "genai", "Generative"
    PREDICTIVE = "predictive", "Predictive"
    HEURISTIC = "heuristic", "Heuristic"
    RAG = "rag", "With retrieval (RAG)"
    AGENTIC = "agentic", "Agents"


class Effort(TextChoices):
    """What a control asks of a typical organisation: the project's own estimate, always with a reason."""

    LOW = "low", "Low"
    MEDIUM = "medium", "Medium"
    HIGH = "high", "High"


class Doer(TextChoices):
    """Who usually puts a control in place."""

    OWN = "own", "Us"
    SUPPLIER = "supplier", "Supplier"
    DEPLOYER = "deployer", "Deployer"


class Coverage(TextChoices):
    """How far a standard covers a control, as the source says."""

    FULL = "full", "Covers it"
    PARTIAL = "partial", "Covers part of it"
    NONE = "none", "Does not cover it"
    OTHER = "other", "Related"


class Basis(TextChoices):
    """What a link to a framework rests on."""

    EXCHANGE = "exchange", "Stated by the Exchange"
    FRAMEWORK = "framework", "Stated by the framework"
    EDITORIAL = "editorial", "Our judgement"


class Relation(TextChoices):
    """How the framework's item compares with the entry of the catalog."""

    EQUAL = "equal", "Equal"
    BROADER = "broader", "Broader"
    NARROWER = "narrower", "Narrower"
    RELATED = "related", "Related"


class Reading(TextChoices):
    """What a second reader made of a link that rests on our judgement."""

    AGREE = "agree", "A second reader agrees"
    WEAK = "weak", "Weak: a second reader doubts it"


class Target(TextChoices):
    """What a link of a framework leads to."""

    THREAT = "threat", "Threat"
    CONTROL = "control", "Control"
    GROUP = "group", "Control group"
    SECTION = "section", "Section of the Exchange"


class Found(TextChoices):
    """What a search can find."""

    THREAT = "threat", "Threat"
    CONTROL = "control", "Control"
    GROUP = "group", "Control group"
    FRAMEWORK = "framework", "Framework"
    ITEM = "item", "Framework item"
    CONCERN = "concern", "Beside security"
    QUESTION = "question", "Profile question"


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


class PointContext(TextChoices):
    """What a point to look into is about."""

    RAG = "rag", "Retrieval"
    AGENTIC = "agentic", "Agents"
