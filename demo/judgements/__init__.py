"""What each team judged, by system key: the ratings with their reasons, and the treatments."""

from demo.judgement import Judgement
from demo.judgements import care, claims, payments, people, platform, underwriting

JUDGEMENTS: dict[str, tuple[Judgement, ...]] = {
    **claims.JUDGEMENTS,
    **care.JUDGEMENTS,
    **payments.JUDGEMENTS,
    **underwriting.JUDGEMENTS,
    **people.JUDGEMENTS,
    **platform.JUDGEMENTS,
}
