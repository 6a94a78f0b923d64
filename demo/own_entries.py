"""What Halden Mutual put beside the catalog: a threat of its trade, and the control it answers it with."""

THREAT = {
    "title": "Claims tuned to the model",
    "parent_key": "inputthreats",
    "summary": "Repairers and claimants learn what the estimate accepts and word their claims to fit it.",
    "how": "No single claim is false. Over months the wording, the photos and the amounts drift towards what passes.",
    "hurts": "Payments creep up, and the model learns from claims that were made for it.",
    "applies": "Where a predictive model decides on claims that outsiders write.",
    "likelihood": "Repairers see many decisions and talk to each other. Nobody breaks a rule, so nobody is caught.",
    "impact": "Small sums on many claims. It grows until someone compares with files that a person judged.",
    "impacts": ["model_behaviour_integrity"],
    "assets_attacked": ["model_input"],
    "other_names": ["Gaming the estimate"],
    "variants": [
        {"title": "Borrowed wording", "text": "A repairer passes on the phrases of claims that went through."},
        {"title": "Amounts below the line", "text": "Sums stay just under what the estimate sends to a person."},
    ],
    "fits": {"predictive": "yes", "genai": "yes", "heuristic": "no", "rag": "no", "agentic": "no"},
    "applicable_when": None,
}
CONTROL = {
    "name": "Blind second estimate",
    "parent_key": "limitunwanted",
    "purpose": "Notice when decisions drift from what a person would have decided.",
    "practice": "An assessor estimates one claim in two hundred without seeing the model's figure. The gap is charted.",
    "types": ["governance"],
    "lifecycle": ["runtime"],
    "essentials": ["watch"],
    "effort": "medium",
    "effort_reason": "Assessors spend about a day a month on it.",
    "trade_off": "Those claims take a day longer.",
    "evidence": ["The chart of the gap, with the claims behind it.", "A month in which the gap led to a decision."],
    "done_by": ["own"],
    "done_by_note": "Claims picks the sample, audit reads the chart.",
}
