"""What the Underwriting team judged. The storm loss forecast is not confirmed yet."""

from demo.judgement import Judgement, accept, avoid, mitigate

SCORE = (
    Judgement(
        "modelinversionandmembership",
        inherent=(3, 5),
        before="The score could give away health answers of people it was trained on.",
        current=(3, 4),
        now="Brokers see the score to two decimals and may ask without limit.",
    ),
    Judgement(
        "evasion",
        inherent=(4, 4),
        before="Applicants can try answers until the score is good.",
        current=(3, 3),
        now="Changed answers are shown to the underwriter.",
        target=(2, 2),
        plan=mitigate("Score once per application, after it is signed.", "emil", 21, "in_progress"),
    ),
    Judgement(
        "devdataleak",
        inherent=(3, 5),
        before="Eleven years of health data in one place.",
        current=(2, 5),
        now="Stored encrypted; six analysts can export.",
        target=(1, 5),
        plan=mitigate(
            "No exports: analysts work inside the data room.",
            "nora",
            -13,
            "blocked",
            "Two reports still need the export.",
        ),
    ),
    Judgement(
        "datapoison",
        inherent=(2, 4),
        before="Brokers enter part of the data.",
        current=(2, 3),
        now="Brokers with unusual books are left out.",
    ),
    Judgement(
        "modelexfiltration",
        inherent=(3, 3),
        before="A competitor could learn our prices.",
        current=(3, 2),
        now="Prices are public within weeks anyway.",
        plan=accept("Prices are public within weeks anyway.", "nora", 330),
    ),
    Judgement(
        "inputdataleak",
        inherent=(2, 5),
        before="Applications hold health answers.",
        current=(1, 5),
        now="Never leaves our network; logs hold the application number only.",
    ),
    Judgement(
        "devmodelpoison",
        inherent=(2, 4),
        before="A changed score would misprice a whole year.",
        current=(1, 4),
        now="Every new score is compared with the old one on the same 20 000 applications.",
        target=(1, 3),
        plan=mitigate("Release of a score needs the actuary's signature.", "emil", -5, "done", "In the release form."),
    ),
    Judgement(
        "devmodelleak",
        inherent=(2, 3),
        before="Weights lie on analysts' machines.",
        current=(2, 3),
        now="Known, not changed yet.",
        target=(1, 3),
        plan=avoid("No weights outside the data room.", "nora", 50, by="Chief actuary"),
    ),
    Judgement(
        "devcodeleak",
        inherent=(2, 3),
        before="The code shows what we price by.",
        current=(1, 3),
        now="Private repository, second factor.",
    ),
    Judgement(
        "runtimemodelleak",
        inherent=(2, 3),
        before="The model runs beside other services.",
        current=(1, 3),
        now="Own account, no shell access.",
    ),
    Judgement(
        "genericsecthreats",
        inherent=(3, 4),
        before="Reachable from the brokers' portal.",
        current=(2, 3),
        now="Penetration test in February without findings.",
    ),
    Judgement("runtimemodelpoison", inherent=(2, 4), before="Nobody has looked at how the running score is protected."),
    # Resource exhaustion is not rated yet.
)

JUDGEMENTS = {"score": SCORE}
