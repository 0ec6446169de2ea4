"""One decision for one message: what the bot made of it, its cues, and what is remembered."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from tests.readings import reading
from web.core.assistant import Act, BotAnswer, Decision, Kind
from web.core.conversation import Conversation
from web.core.cues import Audience, Offer
from web.core.dialogue import decide
from web.core.states import State, Urgency
from web.storage import wordings

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
NOTHING = reading("out_of_scope", 0.3, Act.FALLBACK)


def conversation(**more: Any) -> Conversation:
    more = {"state": State.ASSISTANT, "language": "nl", **more}
    return Conversation(UUID(int=1), "Merel", started_at=NOW, active_at=NOW, **more)


def decided(text: str, answer: BotAnswer | None = NOTHING, **before: Any) -> Decision:
    return decide(answer, wordings.cues().read(text), conversation(**before), wordings.context())


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (None, Kind.DOWN),
        (reading("cost", 0.8), Kind.ANSWER),
        (reading("cost", 0.25, Act.ARTICLE, 0.0, "hours"), Kind.CHOICE),
        (reading("cost", 0.05), Kind.UNKNOWN),
        (reading("out_of_scope", 0.9, Act.FALLBACK), Kind.UNKNOWN),
        (reading("human", 0.9, Act.HANDOVER), Kind.HANDOVER),
        (reading("boundary", 0.9, Act.REFUSAL), Kind.REFUSAL),
        (reading("greet", 0.9, Act.SMALLTALK), Kind.SMALLTALK),
        (reading("crisis_suicide", 0.9, Act.CARD, 0.9), Kind.CARD),
    ],
)
def test_the_topic_decides(answer: BotAnswer | None, kind: Kind) -> None:
    assert decided("zomaar wat woorden", answer).kind is kind


def test_an_answer_that_may_be_the_wrong_one_says_so_and_offers_the_next() -> None:
    unsure = decided("wat kost het nog allemaal", reading("cost", 0.65, Act.ARTICLE, 0.0, "therapy_cost", "hours"))
    assert (unsure.phrase, unsure.choices) == ("perhaps", ("therapy_cost", "hours"))
    sure = decided("wat kost het", reading("cost", 0.9, Act.ARTICLE, 0.0, "hours"))
    assert (sure.phrase, sure.choices) == (None, ())


def test_a_small_chance_of_danger_is_enough_for_a_card() -> None:
    answer = BotAnswer((("cost", 0.6), ("crisis_suicide", 0.3)), {"cost": Act.ARTICLE}, 0.3, Act.ARTICLE, "test")
    said = decided("wat kost het nog allemaal voor ik er klaar mee ben", answer)
    assert (said.kind, said.topic) == (Kind.CARD, "crisis_suicide")


@pytest.mark.parametrize("word", ["ja", "Ja graag!", "doe maar", "yes please", "ok doe maar"])
def test_yes_means_what_was_offered(word: str) -> None:
    assert decided(word, offer=Offer.PERSON).kind is Kind.HANDOVER
    more = decided(word, offer=Offer.MORE, topic="therapy")
    assert (more.kind, more.topic, more.more) == (Kind.ANSWER, "therapy", True)
    assert decided(word, offer=Offer.CHOICE).phrase == "which_one"
    assert decided(word, offer=Offer.SAFE, topic="crisis_suicide").phrase == "safe_yes"
    # The other cards ask whether there is danger: there a yes is no reason to be glad.
    assert decided(word, offer=Offer.SAFE, topic="crisis_child_danger").kind is Kind.CARD
    assert decided(word).phrase == "gladly"


@pytest.mark.parametrize("word", ["nee", "nee dank je", "liever niet", "no thanks", "not now"])
def test_no_declines_and_the_talk_goes_on(word: str) -> None:
    no = decided(word, offer=Offer.PERSON)
    assert (no.phrase, no.remember["declined"]) == ("declined", True)
    assert decided(word, offer=Offer.CHOICE).phrase == "corrected"
    assert decided(word, offer=Offer.SAFE, topic="crisis_suicide").phrase == "safe_no"


def test_a_yes_inside_a_story_is_not_an_answer_to_us() -> None:
    assert (
        decided("ja maar wie leest dit eigenlijk mee", reading("who_reads_this", 0.9), offer=Offer.PERSON).kind
        is Kind.ANSWER
    )


@pytest.mark.parametrize(
    ("last", "text", "answer", "topic"),
    [
        ("therapy", "en wat kost dat?", reading("cost", 0.8), "therapy_cost"),
        (None, "en wat kost dat?", reading("cost", 0.8), "cost"),
        ("therapy", "hoe lang duurt dat?", reading("wait_time", 0.6), "therapy"),
        ("house_search", "hoe lang duurt dat?", reading("wait_time", 0.3), "house_search"),
        ("therapy", "how long does it take", NOTHING, "therapy"),
    ],
)
def test_a_short_question_is_about_the_last_topic(last: str | None, text: str, answer: BotAnswer, topic: str) -> None:
    assert decided(text, answer, topic=last).topic == topic


@pytest.mark.parametrize(
    ("text", "audience"),
    [
        ("mijn man kijkt naar beelden", Audience.OTHER),
        ("ik ben 15 en ik durf niks te zeggen", Audience.MINOR),
        ("my son of seven does strange things", Audience.CHILD),
        ("I'm a teacher and a pupil told me something", Audience.PROFESSIONAL),
        ("het gaat over mezelf", Audience.SELF),
        ("hoe laat is het", None),
    ],
)
def test_who_it_is_about_is_remembered(text: str, audience: Audience | None) -> None:
    assert decided(text, reading("cost", 0.9)).remember["audience"] is audience


def test_who_is_under_18_stays_so_whoever_it_is_about() -> None:
    said = decided("het gaat over mijn vader", reading("other_adult", 0.9), audience=Audience.MINOR)
    assert said.remember["audience"] is Audience.MINOR


def test_saying_to_be_under_18_is_answered_even_when_nothing_else_is_understood() -> None:
    assert decided("ik ben 14").topic == "minor_self"


def test_who_somebody_is_weighs_in() -> None:
    close = BotAnswer(
        (("police_visit", 0.44), ("arrested_partner", 0.41)),
        {"police_visit": Act.ARTICLE, "arrested_partner": Act.ARTICLE},
        0.0,
        Act.ARTICLE,
        "test",
    )
    assert decided("ze stonden hier gisteren", close, audience=Audience.OTHER).topic == "arrested_partner"
    assert decided("ze stonden hier gisteren", close).topic == "police_visit"


def test_the_language_follows_the_visitor() -> None:
    assert decided("can we talk in english please", reading("languages", 0.9)).remember["language"] == "en"
    assert decided("ok", language="en").remember["language"] == "en", "a word that is in both changes nothing"


@pytest.mark.parametrize("text", ["Ich brauche Hilfe", "J'ai besoin d'aide", "Помогите мне пожалуйста", "ساعدني"])
def test_another_language_is_told_so_in_both_of_ours(text: str) -> None:
    assert decided(text).phrase == "other_language"


def test_a_second_refusal_offers_a_person() -> None:
    boundary = reading("boundary", 0.9, Act.REFUSAL)
    assert decided("vertel me hoe", boundary).phrase is None
    again = decided("vertel me toch hoe", boundary, refusals=1)
    assert (again.phrase, again.remember["offer"]) == ("refused_again", Offer.PERSON)


@pytest.mark.parametrize("text", ["🙂🙂", "???", "....", "!!"])
def test_signs_without_words(text: str) -> None:
    assert decided(text).phrase == "only_signs"


@pytest.mark.parametrize("text", ["dat bedoel ik niet", "you didn't understand me"])
def test_a_misunderstanding_is_asked_again(text: str) -> None:
    assert decided(text, reading("thanks", 0.3, Act.SMALLTALK), topic="cost").phrase == "corrected"


def test_a_correction_of_the_person_gives_the_same_topic_for_that_person() -> None:
    said = decided("nee het gaat niet over mij maar over mijn man", topic="stop_viewing")
    assert (said.kind, said.topic, said.remember["audience"]) == (Kind.ANSWER, "stop_viewing", Audience.OTHER)


def test_long_ago_or_not_about_me_calms_the_card_without_losing_the_subject() -> None:
    said = decided("dit gaat niet over mij", offer=Offer.SAFE, urgency=Urgency.NOW, topic="crisis_suicide")
    assert (said.phrase, said.remember["urgency"]) == ("safe_other", Urgency.SOON)


def test_while_somebody_waits_the_assistant_speaks_only_when_it_is_sure() -> None:
    assert decided("wat kost het", reading("cost", 0.9), state=State.WAITING).kind is Kind.ANSWER
    assert decided("en toen kwam ze thuis", reading("cost", 0.45), state=State.WAITING).phrase == "heard_waiting"
    heard = decided("toen kwam ze", reading("cost", 0.45), state=State.WAITING, offer=Offer.PASSED_ON)
    assert heard.phrase == "heard_again"
    asked = decided("kan ik iemand spreken", reading("human", 0.9, Act.HANDOVER), state=State.WAITING)
    assert asked.phrase == "already_waiting"
    danger = reading("crisis_suicide", 0.9, Act.CARD, 0.9)
    assert decided("ik wil niet meer", danger, state=State.WAITING).kind is Kind.CARD


def test_perhaps_a_person_was_asked_for() -> None:
    unsure = reading("human", 0.3, Act.HANDOVER)
    assert decided("is er iemand", unsure).phrase == "handover_offer"
    assert decided("ja", offer=decided("is er iemand", unsure).remember["offer"]).kind is Kind.HANDOVER


def test_a_link_is_not_opened() -> None:
    assert decided("https://example.org/x", reading("cost", 0.1)).phrase == "no_links"


def test_the_country_is_remembered() -> None:
    assert decided("ik woon in belgie", reading("cost", 0.9)).remember["country"] == "BE"


@pytest.mark.parametrize("word", ["ok", "hm", "I see", "duidelijk"])
def test_a_nod_is_no_yes(word: str) -> None:
    assert decided(word, offer=Offer.PERSON).phrase == "gladly"


def test_a_few_words_that_mean_nothing_alone_go_on_about_the_last_topic_once() -> None:
    said = decided("en als dat niet lukt?", reading("volunteer", 0.2), topic="stop_viewing")
    assert (said.topic, said.more) == ("stop_viewing", True)
    assert decided("en als dat niet lukt?", reading("volunteer", 0.2), topic="stop_viewing", misses=1).more is False


def test_the_last_topic_and_its_family_weigh_in() -> None:
    close = reading("partner_support", 0.4, Act.ARTICLE, 0.0, "child_behaviour", "protect_child")
    assert decided("hoe begin ik erover", close, topic="child_behaviour").topic != "partner_support"


def test_somebody_young_under_pressure_with_a_deadline_is_in_danger() -> None:
    pressed = reading("sextortion", 0.9)
    said = decided("als ik vanavond geen foto stuur zet hij alles online", pressed, audience=Audience.MINOR)
    assert (said.kind, said.topic) == (Kind.CARD, "crisis_child_danger")
    assert decided("als ik vanavond niet betaal zet hij alles online", pressed).kind is Kind.ANSWER


@pytest.mark.parametrize("text", ["krijg ik een strafblad", "will he go to prison for this"])
def test_a_question_about_the_law_leads_to_a_lawyer_whatever_the_topic(text: str) -> None:
    assert decided(text, reading("police_visit", 0.9)).legal
    assert decided(text, reading("greet", 0.2, Act.SMALLTALK)).topic == "legal_process"


def test_who_declined_a_person_is_not_asked_again() -> None:
    assert decided("is er iemand", reading("human", 0.3, Act.HANDOVER), declined=True).phrase != "handover_offer"


def test_no_with_more_words_behind_it_is_more_than_no() -> None:
    said = decided("nee, je begrijpt me verkeerd, het gaat over mijn broer", topic="stop_viewing")
    assert (said.topic, said.remember["audience"]) == ("stop_viewing", Audience.OTHER)


@pytest.mark.parametrize("text", ["ik ben bang", "nee ik ga niet bellen", "laat me met rust", "ben je er nog"])
def test_after_the_card_about_suicide_the_subject_stays(text: str) -> None:
    said = decided(text, reading("phone_number", 0.9), offer=Offer.SAFE, topic="crisis_suicide")
    assert (said.kind, said.phrase) == (Kind.SMALLTALK, "card_stay")
    afraid = reading("crisis_about_to_act", 0.9, Act.CARD, 0.9)
    assert decided(text, afraid, offer=Offer.SAFE, topic="crisis_suicide").topic == "crisis_suicide"


@pytest.mark.parametrize("text", ["ik ben nu veilig hoor", "the child is safe now", "I have left"])
def test_safe_after_any_card_is_answered(text: str) -> None:
    assert decided(text, NOTHING, offer=Offer.SAFE, topic="crisis_child_danger").phrase == "safe_yes"


@pytest.mark.parametrize("text", ["haal me uit de rij", "ik wil toch geen mens", "leave the queue", "never mind"])
def test_out_of_the_queue_in_words(text: str) -> None:
    assert decided(text, reading("wait_time", 0.9), state=State.WAITING).phrase == "declined"


def test_files_are_not_the_chat() -> None:
    said = decided("ik heb alles verwijderd, is dat genoeg", reading("delete_my_chat", 0.9), topic="relapse")
    assert said.topic == "legal_process"


@pytest.mark.parametrize(
    "text",
    [
        "waar kan ik kinderporno downloaden",
        "where can i find pictures of children",
        "hoe zorg ik dat de politie er nooit achter komt",
        "how can i not get caught by the police",
    ],
)
def test_what_is_never_given_is_refused_whatever_the_bot_makes_of_it(text: str) -> None:
    assert decided(text, reading("found_images", 0.5)).kind is Kind.REFUSAL
    assert decided(text, None).kind is Kind.REFUSAL, "with the bot down too"


@pytest.mark.parametrize("text", ["hoe stop ik met kijken naar kinderporno", "where can I report images of children"])
def test_help_to_stop_and_to_report_is_not_refused(text: str) -> None:
    assert decided(text, reading("stop_viewing", 0.9)).kind is Kind.ANSWER


def test_in_danger_a_no_is_stayed_with() -> None:
    waiting = {"state": State.WAITING, "urgency": Urgency.NOW, "topic": "crisis_suicide"}
    assert decided("ik wil toch niemand spreken", reading("human", 0.9, Act.HANDOVER), **waiting).phrase == "card_stay"
    assert decided("nee", offer=Offer.SAFE, topic="crisis_suicide").remember["offer"] is Offer.SAFE
