"""What the People team judged."""

from demo.judgement import Judgement, accept, avoid, mitigate, transfer

CVS = (
    Judgement(
        "indirectpromptinjection",
        inherent=(5, 3),
        before="White text in CVs that praises the applicant is common by now.",
        current=(4, 3),
        now="We found hidden text in 14 of 900 CVs, and the service had read it.",
        target=(2, 2),
        plan=mitigate("Flatten each CV to an image and read it back before it is sorted.", "maud", 14),
    ),
    Judgement(
        "directpromptinjection",
        inherent=(3, 3),
        before="Applicants answer free questions.",
        current=(3, 2),
        now="Answers are cut to 500 characters.",
    ),
    Judgement(
        "evasion",
        inherent=(5, 3),
        before="Guides on how to pass the sorting are sold.",
        current=(5, 3),
        now="Recruiters read the lowest fifth as well; the top is still full of polished CVs.",
        plan=accept("It sorts, people decide; the lowest fifth is read too.", "maud", 100),
    ),
    Judgement(
        "inputdataleak",
        inherent=(3, 4),
        before="Applications go to the supplier, photos included.",
        current=(3, 4),
        now="Their answer on retention is still missing.",
        target=(1, 3),
        plan=transfer(
            "Retention of 90 days and liability for leaks in the contract.",
            "maud",
            -16,
            "blocked",
            "Meridian Talent asked for more time.",
            to="Meridian Talent",
            by="Contract with Meridian Talent, annex on data",
            remains="Answering applicants who ask what is kept of them.",
        ),
    ),
    Judgement(
        "datapoison",
        inherent=(3, 4),
        before="Trained on past hiring of other companies.",
        current=(3, 4),
        now="The supplier has not shown a test for bias or for poisoned data.",
    ),
    Judgement(
        "devmodelpoison",
        inherent=(2, 4),
        before="A backdoor could prefer certain applicants.",
        current=(2, 4),
        now="No evidence from the supplier yet.",
        target=(1, 3),
        plan=avoid("Leave the service if no evidence comes by the date.", "maud", 28, by="Head of People"),
    ),
    Judgement(
        "outputcontainsconventionalinjection",
        inherent=(2, 2),
        before="Summaries are shown in the recruiting tool.",
        current=(1, 2),
        now="Shown as plain text.",
    ),
    Judgement(
        "airesourceexhaustion",
        inherent=(2, 2),
        before="A flood of applications could stop the sorting.",
        current=(3, 1),
        now="Recruiters then read in order of arrival.",
        plan=accept("Reading in order of arrival is fine for days.", "maud", 365),
    ),
    Judgement(
        "genericsecthreats",
        inherent=(3, 3),
        before="A public form.",
        current=(2, 3),
        now="Supplier's certificate checked in September.",
    ),
    # Supply chain, model at run time and instructions are not rated yet.
)

JUDGEMENTS = {"cvs": CVS}
