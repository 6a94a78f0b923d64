"""The words of systems that are stored."""

from django.db import models


class Party(models.TextChoices):
    """Whose duty a threat is."""

    OWN = "own", "Own"
    SUPPLIER = "supplier", "Supplier"
    SHARED = "shared", "Shared"


class Stage(models.TextChoices):
    """Where a system is in its life, in order."""

    IDEA = "idea", "Idea"
    DEVELOPMENT = "development", "Development"
    PILOT = "pilot", "Pilot"
    PRODUCTION = "production", "Production"
    RETIRED = "retired", "Retired"


class Criticality(models.TextChoices):
    """What the business loses when the system fails, the least first."""

    LOW = "low", "Low"
    MEDIUM = "medium", "Medium"
    HIGH = "high", "High"
    CRITICAL = "critical", "Critical"


class AiActClass(models.TextChoices):
    """How the EU AI Act treats a system or the model in it. Source: Regulation (EU) 2024/1689, Art. 5, 6, 50, 51."""

    PROHIBITED = "prohibited", "Prohibited practice"
    HIGH_RISK_ANNEX_III = "high_risk_annex_iii", "High risk, by use (Annex III)"
    HIGH_RISK_ANNEX_I = "high_risk_annex_i", "High risk, in a regulated product (Annex I)"
    TRANSPARENCY = "transparency", "Transparency duties"
    MINIMAL = "minimal", "Minimal risk"
    GPAI = "gpai", "General-purpose AI model"
    GPAI_SYSTEMIC = "gpai_systemic", "General-purpose AI model with systemic risk"
    OUTSIDE = "outside", "Outside the Act"


class DataCategory(models.TextChoices):
    """What kinds of data a system handles."""

    PERSONAL = "personal", "Personal data"
    SPECIAL = "special", "Special categories of personal data"
    CHILDREN = "children", "Data about children"
    FINANCIAL = "financial", "Financial data"
    CREDENTIALS = "credentials", "Passwords and keys"
    SECRETS = "secrets", "Business secrets"
    SOURCE_CODE = "source_code", "Source code"
    PUBLIC = "public", "Public data"


class SupplierKind(models.TextChoices):
    """What a supplier does for us."""

    MODEL = "model", "Model provider"
    CLOUD = "cloud", "Cloud or hosting"
    SOFTWARE = "software", "Software with AI in it"
    DATA = "data", "Data provider"
    INTEGRATOR = "integrator", "Integrator or consultant"
    OTHER = "other", "Other"


class ComponentKind(models.TextChoices):
    """What a system is made of. Source: OWASP AI Exchange, responsibility per hosted component, and CycloneDX."""

    MODEL = "model", "Model"
    EXTENSION = "extension", "Model extension"
    APPLICATION = "application", "Application"
    INFRASTRUCTURE = "infrastructure", "Infrastructure"
    DATA_STORE = "data_store", "Data store"
    DATA_SET = "data_set", "Data set"
    TOOL = "tool", "Tool"


class HostedBy(models.TextChoices):
    """Where a component runs or lies."""

    US = "us", "Us"
    SUPPLIER = "supplier", "Supplier"


class Delivery(models.TextChoices):
    """How a model comes to us. Source: https://owaspai.org/go/aiengineeringprimer/, delivery models."""

    HOSTED = "hosted", "Hosted service"
    SELF_RUN = "self_run", "Externally sourced, run by us"
    TRAINED = "trained", "Trained or adapted by us"


DELIVERED_KINDS = frozenset({ComponentKind.MODEL, ComponentKind.EXTENSION})  # of the others nobody asks how they come
