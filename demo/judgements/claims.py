"""What the Claims team judged."""

from demo.judgement import Judgement, Step, accept, avoid, mitigate, transfer

ASSISTANT = (
    Judgement(
        "indirectpromptinjection",
        inherent=(5, 5),
        before="It reads letters from anyone and may send letters and book repairs in our name.",
        current=(4, 4),
        now="Retrieved text is marked as data since May. Two of forty test letters still steered the answer.",
        target=(2, 4),
        plan=mitigate(
            "A clerk approves every outgoing letter and every booking over €500.",
            "tomas",
            7,
            "in_progress",
            steps=(
                Step("oversight", "Letters wait in a queue until a clerk has read them.", "tomas", -12, "done"),
                Step("leastmodelprivilege", "Take bookings over €500 out of its rights.", "tomas", 3, "in_progress"),
                Step(
                    "promptinjectioniohandling",
                    "Take hidden text out of letters before they are indexed.",
                    "sara",
                    -3,
                    "blocked",
                    "Waits for the scanner's new version.",
                ),
                Step("continuousvalidation", "Run the forty test letters after every change.", "tomas", 7),
            ),
        ),
    ),
    Judgement(
        "directpromptinjection",
        inherent=(5, 4),
        before="Any customer can talk to it, and jailbreak texts are shared openly.",
        current=(4, 3),
        now="The tool list is short and amounts are capped; nine of two hundred test prompts got through.",
        target=(3, 2),
        plan=mitigate(
            "Check each tool call against the claim that the customer is signed in for.",
            "tomas",
            20,
            steps=(Step("leastmodelprivilege", "Pass the customer's session to each tool.", "tomas", 15),),
        ),
    ),
    Judgement(
        "disclosureinoutput",
        inherent=(4, 5),
        before="Claim files hold medical reports, and retrieval once searched all of them.",
        current=(3, 4),
        now="Retrieval is limited to the customer's own files; joint policies still show both holders.",
        target=(1, 4),
        plan=mitigate(
            "Split joint policies per holder before they are indexed.",
            "sara",
            -6,
            "blocked",
            "Waits for the new policy interface of Platform.",
        ),
    ),
    Judgement(
        "outputcontainsconventionalinjection",
        inherent=(4, 4),
        before="Its answers are shown as rich text in the customer portal.",
        current=(3, 4),
        now="Markup is filtered, but links and images in answers are not.",
        target=(1, 3),
        plan=mitigate("Escape links and images in what the assistant writes.", "tomas", -2, "in_progress"),
    ),
    Judgement(
        "inputdataleak",
        inherent=(3, 4),
        before="Conversations with health data go to the supplier's service.",
        current=(2, 4),
        now="The contract excludes training on our data and keeps logs for 30 days only.",
        target=(1, 4),
        plan=transfer(
            "Move to the supplier's European service with its own key, in the contract.",
            "ines",
            45,
            to="The supplier of the model",
            by="Amendment to the service contract: European service, own key, liability up to €5 m",
            remains="Telling customers and the authority. What a leak does to our name.",
        ),
    ),
    Judgement(
        "augmentationdataleak",
        inherent=(3, 5),
        before="The vector store holds text of 40 000 claim files.",
        current=(2, 5),
        now="The store is encrypted and in our own network, yet eleven people can read it whole.",
        target=(1, 5),
        plan=mitigate("Take personal access to the store away; break-glass only, with an alarm.", "sara", 12),
    ),
    Judgement(
        "augmentationdatamanipulation",
        inherent=(4, 4),
        before="Customers add to the store with every letter they upload.",
        current=(3, 3),
        now="Uploads are indexed for their own claim only; policy texts come from a controlled folder.",
        target=(2, 3),
        plan=mitigate("Sign every import into the text store.", "tomas", 5),
    ),
    Judgement(
        "datapoison",
        inherent=(3, 4),
        before="Uploads shape what it answers.",
        current=(2, 3),
        now="Only approved policy texts are shared between customers.",
        target=(1, 3),
        plan=mitigate("Compare the answers to fifty known questions each night.", "tomas", 64),
    ),
    Judgement(
        "airesourceexhaustion",
        inherent=(4, 3),
        before="A public chat with a model billed by the word.",
        current=(4, 2),
        now="Thirty messages per customer and hour, and a daily budget with an alarm; it is reached now and then.",
        plan=accept("A stopped chat falls back to the phone line within minutes.", "ines", 180),
    ),
    Judgement(
        "supplymodelpoison",
        inherent=(2, 5),
        before="We cannot see how the base model was made, and every customer meets it.",
        current=(2, 5),
        now="Corvus AI publishes model cards and signs its releases; we pin the version.",
        plan=accept(
            "The supplier's evidence is as good as it gets today. Look again with the next version.", "ines", 150
        ),
    ),
    Judgement(
        "devmodelpoison",
        inherent=(2, 4),
        before="A poisoned base model would reach every customer.",
        current=(1, 4),
        now="SOC 2 report and a red-team summary received in March.",
        plan=accept("Their evidence is enough until the next yearly report.", "ines", 110),
    ),
    Judgement(
        "runtimemodelpoison",
        inherent=(2, 4),
        before="The model runs in the supplier's data centre.",
        current=(1, 4),
        now="Covered by the supplier's certificate; canary questions run every hour.",
    ),
    Judgement(
        "genericsecthreats",
        inherent=(4, 4),
        before="A public web application like any other.",
        current=(2, 4),
        now="Penetration test in June: two medium findings, both closed.",
        target=(2, 3),
        plan=mitigate(
            "Put the chat behind the same web filter as the portal.", "tomas", -20, "done", "Live since Monday."
        ),
    ),
    # Agent escape is not rated yet.
)

DAMAGE = (
    Judgement(
        "evasion",
        inherent=(4, 4),
        before="Edited photos are cheap, and small estimates are paid without a second look.",
        current=(4, 3),
        now="We found 31 edited photos last year, half of them by chance.",
        target=(2, 3),
        plan=mitigate(
            "Check photos for editing and for reuse across claims before estimating.", "sara", 26, "in_progress"
        ),
    ),
    Judgement(
        "datapoison",
        inherent=(3, 4),
        before="It learns from estimates that garages can influence.",
        current=(3, 3),
        now="Garages with unusual estimates are left out of training by hand.",
        target=(2, 3),
        plan=mitigate("Leave out outliers by rule, and keep a clean set to compare with.", "sara", 60),
    ),
    Judgement(
        "supplymodelpoison",
        inherent=(2, 4),
        before="The base model comes as a download.",
        current=(2, 3),
        now="We check the signature, and fine-tuning retrains the last layers.",
        plan=accept("Fine-tuning and our clean test set leave little.", "ines", 200),
    ),
    Judgement(
        "devmodelpoison",
        inherent=(2, 4),
        before="Three people can change the training run.",
        current=(1, 4),
        now="Runs need a review, and the result is compared with the last version.",
    ),
    Judgement(
        "modelexfiltration",
        inherent=(2, 2),
        before="Someone could copy it by asking often.",
        current=(1, 2),
        now="Only signed-in customers, ten photos each.",
        plan=accept("A copy would be worth little without our price list.", "sara", 300),
    ),
    Judgement(
        "devmodelleak",
        inherent=(2, 3),
        before="Weights lie on a shared training server.",
        current=(2, 2),
        now="Access is by name and logged.",
    ),
    Judgement(
        "devcodeleak",
        inherent=(2, 2),
        before="The code shows how estimates can be tricked.",
        current=(1, 2),
        now="Private repository, second factor for everyone.",
    ),
    Judgement(
        "genericsecthreats",
        inherent=(3, 4),
        before="Runs beside the payment system.",
        current=(2, 3),
        now="Own network zone and monthly patches.",
        plan=accept("As well kept as our other services.", "sara", 250),
    ),
    Judgement(
        "runtimemodelpoison",
        inherent=(2, 4),
        before="A changed model could raise every estimate.",
        current=(2, 3),
        now="The model file is read-only and its hash is checked at start.",
        target=(1, 3),
        plan=mitigate(
            "Compare the mean estimate per day with last year and raise an alarm.", "sara", -11, "done", "Alarm set."
        ),
    ),
    Judgement(
        "agentescape",
        inherent=(3, 4),
        before="It pays out on its own under €2 000.",
        current=(2, 3),
        now="It can only call the payment interface, with a cap per day.",
        target=(1, 3),
        plan=avoid(
            "Take automatic payment away from cars older than ten years, where it errs most.",
            "sara",
            33,
            by="Head of Claims",
        ),
    ),
    # Resource exhaustion and the leak of the running model are not rated yet.
)

EXTRACTION = (
    Judgement(
        "indirectpromptinjection",
        inherent=(4, 4),
        before="It reads documents that claimants write.",
        current=(3, 3),
        now="It fills fixed fields only, and a clerk checks the amounts.",
        target=(2, 2),
        plan=mitigate("Compare amounts with the invoice lines by plain code.", "sara", 15, "in_progress"),
    ),
    Judgement(
        "directpromptinjection",
        inherent=(3, 3),
        before="Clerks can add a free question to a document.",
        current=(2, 2),
        now="The free question was taken out in August.",
        plan=avoid(
            "No free questions to the model.", "sara", -60, "done", "Taken out in August.", by="Claims, in the weekly"
        ),
    ),
    Judgement(
        "inputdataleak",
        inherent=(3, 5),
        before="Medical letters leave our network.",
        current=(3, 4),
        now="Encrypted on the way, yet the supplier's support can open a document.",
        target=(1, 4),
        plan=transfer(
            "Folio Systems to open documents only with our consent; liability in the contract.",
            "ines",
            -9,
            "blocked",
            "Legal waits for their draft.",
            to="Folio Systems",
            by="Contract with Folio Systems, section on support access",
            remains="The duty to tell patients, and to check once a year that they ask.",
        ),
    ),
    Judgement(
        "outputcontainsconventionalinjection",
        inherent=(3, 3),
        before="Its text lands in the claim file, which shows HTML.",
        current=(1, 3),
        now="The claim file escapes what it shows; tested.",
    ),
    Judgement(
        "genericsecthreats",
        inherent=(3, 4),
        before="A file upload open to the world.",
        current=(2, 3),
        now="Files are scanned and opened in a sandbox.",
    ),
    Judgement(
        "airesourceexhaustion",
        inherent=(3, 2),
        before="Large files could block the queue.",
        current=(2, 2),
        now="Twenty pages at most, in a queue of its own.",
    ),
    Judgement(
        "supplymodelpoison",
        inherent=(2, 3),
        before="The supplier changes models without notice.",
        current=(2, 3),
        now="We test each morning with fifty known documents.",
        target=(1, 3),
        plan=mitigate("Have model changes announced two weeks ahead.", "tomas", 40),
    ),
    Judgement(
        "augmentationdatamanipulation",
        inherent=(2, 3),
        before="Someone could change its instructions.",
        current=(1, 3),
        now="Instructions are kept in our repository, with review.",
        plan=accept("Review is enough for instructions that rarely change.", "sara", 220),
    ),
    # What the supplier answers for (data, model at development time and at run time) is not rated yet.
)

JUDGEMENTS = {"assistant": ASSISTANT, "damage": DAMAGE, "extraction": EXTRACTION}
