"""The deterministic first net: reads every message of a visitor for danger, with or without the bot.

Either net is enough to show a crisis card: this one or the assistant's own crisis topics. The patterns are
plain wordings in Dutch and English, chosen for recall: a false alarm costs one extra box, a miss may cost a life.
Basis: DOMAIN notes on immediate escalation (suicide, a child in danger, about to act, medical emergency).
"""

import re
import unicodedata
from dataclasses import dataclass

import re2

SUICIDE = "crisis_suicide"
CHILD_DANGER = "crisis_child_danger"
ABOUT_TO_ACT = "crisis_about_to_act"
MEDICAL = "medical_emergency"

# In the order in which they are shown when one message holds several.
CRISES = (MEDICAL, ABOUT_TO_ACT, CHILD_DANGER, SUICIDE)


@dataclass(frozen=True)
class Alarm:
    """`crisis` is the card to show; `rule` names the pattern, for the desk and for evaluation, never the words."""

    crisis: str
    rule: str


_NOT = r"(?:niet|geen|nooit|not|never|no longer)"

_RULES: tuple[tuple[str, str, str], ...] = (
    (SUICIDE, "suicide_word", r"\b(zelfmoord|zelfdoding|suicid\w*|suicide)\b"),
    (SUICIDE, "end_life_nl", r"\b(einde?|eind) (aan |maken aan )?(mijn|m'n|mn|het|zijn|haar) leven\b"),
    (
        SUICIDE,
        "end_it_nl",
        r"\b(er een eind(e)? aan (wil |ga |te )?ma(ak|ken)|er\s?uit stappen|eruitstappen)\b",
    ),
    (
        SUICIDE,
        "dead_nl",
        r"\b(wil|wou|wilde|liever|beter|was ik( maar)?) (ik )?(dood|niet meer leven|doodgaan)\b",
    ),
    (
        SUICIDE,
        "dead_nl_after",
        r"\b(dood|niet meer leven) (wil|wilde|willen) (ik|zijn|gaan)?\b|\bwil niet meer leven\b",
    ),
    (SUICIDE, "cannot_go_on_nl", r"\b(kan|wil) (ik )?(zo )?niet (meer|verder)( leven)?( zo)?\s*([.!…]|$)"),
    (
        SUICIDE,
        "no_more_me_nl",
        r"\bals ik er niet (meer )?(ben|was|zou zijn)\b|\bniet meer wakker (te )?worden\b",
    ),
    (
        SUICIDE,
        "self_harm_nl",
        r"\b(mezelf|mijzelf|me zelf) (iets aan|pijn|van kant|te kort)\b|\bspring\w* (voor|van)\b",
    ),
    (SUICIDE, "kill_self_en", r"\b(kill(ing)?|hurt(ing)?|harm(ing)?) (myself|himself|herself|themselves)\b"),
    (SUICIDE, "end_life_en", r"\b(end|ending|take|taking) (my|his|her|their) (own )?life\b|\bend it all\b"),
    (
        SUICIDE,
        "die_en",
        r"\b(want|wish|ready|going|rather|better off) (to )?(die|dead|be dead)\b|\bi were dead\b",
    ),
    (SUICIDE, "cannot_go_on_en", r"\b(can'?t|cannot|can not) (go on|do this any ?more|keep going)\b"),
    (
        SUICIDE,
        "not_here_en",
        r"\b(not|don'?t) (want to )?(be here|wake up|live|exist) any ?more\b|\bno reason to live\b",
    ),
    (
        CHILD_DANGER,
        "abused_now_nl",
        r"\b(kind|dochter|zoon|zusje|broertje|neefje|nichtje)\b.{0,60}\b(nu|vandaag|elke (dag|nacht|week)|nog steeds)\b.{0,40}\b(misbruikt|aangeraakt|mishandeld)\b",
    ),
    (
        CHILD_DANGER,
        "abuses_now_nl",
        r"\b(hij|zij|ze|iemand|vader|stiefvader|oom|opa|buurman)\b.{0,40}\b(misbruikt|raakt)\b.{0,40}\b(kind|dochter|zoon|zusje|broertje|mij)\b",
    ),
    (
        CHILD_DANGER,
        "abuses_now_en",
        r"\b(abusing|touching|hurting|abuses|touches)\b.{0,30}\b(child|kid|daughter|son|sister|brother|niece|nephew|me)\b",
    ),
    (
        CHILD_DANGER,
        "danger_now",
        r"\b(kind|kinderen|dochter|zoon)\b.{0,30}\bin gevaar\b|\b(child|kid|daughter|son)\b.{0,30}\bin danger\b",
    ),
    (
        ABOUT_TO_ACT,
        "afraid_to_act_nl",
        r"\bbang\b.{0,40}\b(iets|het) (ga |zal |zou )?(ga )?(doe|doen)\b.{0,30}\b(nu|vandaag|vanavond|vannacht|straks)?\b",
    ),
    (
        ABOUT_TO_ACT,
        "alone_nl",
        r"\balleen (thuis )?(met|bij) (een|het|mijn|haar|zijn)\b.{0,30}\b(kind|dochter|zoon|nichtje|neefje|jongen|meisje)\b",
    ),
    (
        ABOUT_TO_ACT,
        "meeting_nl",
        r"\b(afspraak|afgesproken|afspreken|ontmoeten)\b.{0,40}\b(minderjarig\w*|kind|1[0-7](-jarige| jaar)?)\b",
    ),
    (
        ABOUT_TO_ACT,
        "control_nl",
        r"\b(hou|houd|kan)\b.{0,25}\b(mezelf|me|mij)\b.{0,15}\bniet (meer )?(in|tegen)( de hand)?\b",
    ),
    (
        ABOUT_TO_ACT,
        "afraid_to_act_en",
        r"\b(afraid|scared|worried)\b.{0,40}\b(i'?ll|i will|i might|i may|i'?m going to) (do (something|it)|act|hurt|touch)\b",
    ),
    (
        ABOUT_TO_ACT,
        "alone_en",
        r"\balone with (a|the|my|her|his|their)\b.{0,30}\b(child|kid|daughter|son|niece|nephew|boy|girl)\b",
    ),
    (ABOUT_TO_ACT, "meeting_en", r"\b(meet|meeting|meet up)\b.{0,40}\b(minor|child|kid|1[0-7]( |-)?year)\b"),
    (
        MEDICAL,
        "overdose",
        r"\boverdos\w*\b|\b(te veel|heel veel|alle) (pillen|medicijnen)\b.{0,30}\b(genomen|geslikt|ingenomen)\b|\btook (too many|all)\b.{0,20}\bpills\b",
    ),
    (
        MEDICAL,
        "dying_now",
        r"\b(bloedt|bloed) (heel )?(erg|hard)\b|\bademt niet\b|\bbuiten bewustzijn\b|\bnot breathing\b|\bunconscious\b|\bbleeding (a lot|badly|out)\b",
    ),
)

# Words that must stand somewhere else in the message as well, or the rule does not hold.
_ALONG_WITH: dict[str, str] = {
    "alone_nl": r"\b(bang|drang|neiging\w*|gedachte\w*|gevoelens|vertrouw)\b",
    "alone_en": r"\b(afraid|scared|urges?|thoughts?|feelings|trust)\b",
}


@dataclass(frozen=True)
class _Rule:
    crisis: str
    name: str
    pattern: re.Pattern[str]
    along_with: re.Pattern[str]

    def holds(self, plain: str) -> bool:
        return bool(self.pattern.search(plain) and self.along_with.search(plain))


_COMPILED = tuple(
    _Rule(crisis, name, re.compile(pattern), re.compile(_ALONG_WITH.get(name, ""))) for crisis, name, pattern in _RULES
)


def _screen() -> "re2.Set":
    """All patterns in one automaton (RE2): which could match is known after one pass, whatever their number.

    Its word boundaries know ASCII only, so next to other letters it finds more than `re` does, never less: what it
    finds is looked at again. One pattern after the other took 0.3 ms a message, as long as all the rest of it.
    """
    patterns = re2.Set.SearchSet()
    for rule in _COMPILED:
        patterns.Add(rule.pattern.pattern)
    patterns.Add("")  # the canary: matches everything. Without it in the answer RE2 gave up (it ran out of memory)
    patterns.Compile()
    return patterns


_SCREEN, _CANARY = _screen(), len(_COMPILED)

# What turns a hit into no alarm: said in so many words, or about the past of somebody who died.
_CALM = re.compile(
    rf"\b({_NOT}) (suicida\w*|aan zelfmoord|aan zelfdoding|zelfmoord|zelfdoding)\b"
    r"|\b(denk|dacht) (ik )?(niet|nooit) aan (zelfmoord|zelfdoding)\b"
    r"|\b(pleegde|heeft) (\w+ )?(zelfmoord|zelfdoding)( gepleegd)?\b|\bdoor (zelfmoord|zelfdoding)\b"
    r"|\b(died|lost \w+) (by|to) suicide\b|\b(film|boek|serie|movie|book|series|documentary)\b"
)


def read(text: str) -> tuple[Alarm, ...]:
    """The alarms of one message, most pressing first, at most one a crisis. An empty tuple: nothing was seen."""
    plain = _plain(text)
    suspects = set(_SCREEN.Match(plain) or range(_CANARY))
    suspects.discard(_CANARY)
    if not suspects:
        return ()
    calm = bool(_CALM.search(plain))
    found: dict[str, Alarm] = {}
    for rule in (_COMPILED[at] for at in sorted(suspects)):
        if rule.crisis in found or (calm and rule.name == "suicide_word"):
            continue
        if rule.holds(plain):
            found[rule.crisis] = Alarm(rule.crisis, rule.name)
    return tuple(found[crisis] for crisis in CRISES if crisis in found)


def _plain(text: str) -> str:
    """Lower case, without accents, curly quotes or doubled blanks."""
    folded = text.casefold()
    if not text.isascii():
        folded = "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))
    return " ".join(folded.replace("’", "'").replace("‘", "'").split())
