"""What the Customer care team judged. Letter translation is not confirmed yet."""

from demo.judgement import Judgement, accept, mitigate, transfer

CALLS = (
    Judgement(
        "inputdataleak",
        inherent=(3, 5),
        before="Every service call, with health and bank details, goes to the supplier.",
        current=(3, 4),
        now="Bank details are silenced before sending; health details are not.",
        target=(2, 3),
        plan=mitigate("Keep calls of the health line out until they are silenced too.", "lucia", 9, "in_progress"),
    ),
    Judgement(
        "indirectpromptinjection",
        inherent=(3, 2),
        before="A caller can speak instructions to the summary.",
        current=(3, 2),
        now="A spoken instruction changed three of twenty summaries. Staff have the recording beside it.",
        plan=accept("A wrong summary is noticed and does not act on anything.", "lucia", 120),
    ),
    Judgement(
        "outputcontainsconventionalinjection",
        inherent=(2, 3),
        before="The transcript is shown in the customer file.",
        current=(1, 3),
        now="The customer file escapes what it shows.",
    ),
    Judgement(
        "genericsecthreats",
        inherent=(3, 4),
        before="Recordings are attractive to steal.",
        current=(2, 4),
        now="The supplier holds a certificate; our upload account is limited to one folder.",
        target=(1, 4),
        plan=transfer(
            "Cyber cover extended to recordings held by suppliers.",
            "ines",
            70,
            to="Our cyber insurer",
            by="Cyber policy, extension to data held by suppliers",
            remains="Telling the callers, and an excess of €100 000.",
        ),
    ),
    Judgement(
        "airesourceexhaustion",
        inherent=(2, 2),
        before="A long queue delays summaries.",
        current=(4, 1),
        now="Happens most months; summaries may wait a day.",
        plan=accept("Nothing depends on the summary within a day.", "lucia", 365),
    ),
    Judgement(
        "supplymodelpoison",
        inherent=(2, 3),
        before="We know nothing of how the model was made.",
        current=(2, 2),
        now="A wrong transcript is checked against the recording when it matters.",
    ),
    # The supplier's own duties are not rated yet.
)

SEARCH = (
    Judgement(
        "augmentationdatamanipulation",
        inherent=(3, 4),
        before="Work instructions decide how we pay, and 60 people can edit them.",
        current=(3, 3),
        now="Edits are logged, not reviewed.",
        target=(1, 3),
        plan=mitigate("Index only instructions that a second person has released.", "tomas", 18),
    ),
    Judgement(
        "augmentationdataleak",
        inherent=(2, 3),
        before="Some instructions name how we detect fraud.",
        current=(2, 2),
        now="Fraud instructions are kept out of the index.",
    ),
    Judgement(
        "outputcontainsconventionalinjection",
        inherent=(2, 3),
        before="Answers are shown in the intranet.",
        current=(1, 2),
        now="Shown as plain text.",
    ),
    Judgement(
        "supplymodelpoison",
        inherent=(3, 3),
        before="An open-weight model from a public hub.",
        current=(2, 3),
        now="Taken from the maker's own account, hash noted, loaded in the safe format only.",
        target=(1, 3),
        plan=mitigate(
            "Scan model files before they reach our servers.", "tomas", -15, "done", "Scanner runs in the build."
        ),
    ),
    Judgement(
        "devmodelpoison",
        inherent=(2, 3),
        before="A backdoor in the weights would be hard to see.",
        current=(2, 2),
        now="No unusual answers in 300 test questions.",
        plan=accept("Staff see the source of each answer.", "lucia", 240),
    ),
    Judgement(
        "datapoison",
        inherent=(2, 3),
        before="Trained on the open web.",
        current=(2, 2),
        now="Answers quote our own texts, and staff see the source.",
        plan=accept("The source is shown beside each answer.", "tomas", 240),
    ),
    Judgement(
        "runtimemodelpoison",
        inherent=(2, 3),
        before="The model runs on a shared GPU server.",
        current=(1, 3),
        now="Read-only image, started anew each night.",
    ),
    Judgement(
        "genericsecthreats",
        inherent=(3, 3),
        before="An internal web application.",
        current=(2, 2),
        now="Reachable from our network only, with single sign-on.",
    ),
    # Resource exhaustion is not rated yet.
)

JUDGEMENTS = {"calls": CALLS, "search": SEARCH}
