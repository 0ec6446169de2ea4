"""The chat without JavaScript over plain HTTP: the same guarantees as over the socket."""

import re
import time
from concurrent.futures import ThreadPoolExecutor

from tests.conftest import People
from tests.people import Browser, new_id
from tests.plain import PlainVisitor, code_of, field, key_of
from tests.processes import Service, until

FRAMED, ALONE = "frame-ancestors 'self'", "frame-ancestors 'none'"


def test_from_the_first_words_to_a_person_and_the_end(people: People) -> None:
    visitor, worker = PlainVisitor(people.service), people.worker()
    assert visitor.say("kost dit mij geld?") == (303, f"{visitor.home}?sent=1")
    visitor.sees("gratis", 15)
    assert visitor.post("ask") == (303, f"{visitor.home}/talk")
    waiting = visitor.frame()
    assert (waiting.state, "Jij bent nummer 1" in waiting.text) == ("waiting", True)
    card = worker.sees()
    assert card["visitor"] == "here"
    worker.claim(card["id"])
    held = visitor.hears_of(visitor.sees("je met een mens: Noor"), "Dag, vertel maar.")
    time.sleep(0.5)  # the request is held by now
    sent = time.monotonic()
    worker.reply(card["id"], "Dag, vertel maar.")
    assert held.wait() - sent < 2
    assert visitor.say("dank je wel")[0] == 303
    worker.hears("entry", conversation=card["id"])
    _, page = visitor.post("stop", text="en ik dacht nog")
    assert "Dit gesprek stoppen?" in page
    assert 'value="en ik dacht nog"' in page  # goes back to the field with 'Back'
    status, page = visitor.post("leave")
    assert (status, "Fijn dat je er was" in page or "Dank" in page) == (200, True)
    assert visitor.open(visitor.home)[1]["Location"] == "/nl/chat"


def test_the_same_form_sent_twice_is_one_message_and_one_code(people: People) -> None:
    visitor, key = PlainVisitor(people.service), new_id()
    for _ in range(3):
        assert visitor.say("een keer", client_id=key)[0] == 303
    assert len(visitor.frame().own) == 1
    letter = new_id()
    codes = {code_of(visitor.post("letter", client_id=letter, text="mijn brief")[1]) for _ in range(2)}
    assert len(codes) == 1
    assert len(visitor.frame().own) == 2
    visitor.post("forget")


def test_words_that_are_refused_stand_in_the_field_with_the_same_key(people: People) -> None:
    visitor, key, long = PlainVisitor(people.service), new_id(), "veel te lang " * 400
    for words, status, why in ((long, 413, "tekens"), ("  ", 409, "geen woorden")):
        answer, page = visitor.say(words, client_id=key)
        assert (answer, field(page), key_of(page)) == (status, words, key)
        assert why in page
    assert visitor.frame().own == []
    assert visitor.say("kort", client_id=key)[0] == 303
    assert len(visitor.frame().own) == 1


def test_a_conversation_that_is_gone_leaves_the_words_on_the_screen(people: People) -> None:
    visitor = PlainVisitor(people.service)
    cookies = visitor.cookie_header()
    visitor.post("forget")
    late = Browser(people.service.url)
    status, _, page = late.open(f"{visitor.home}/say", {"client_id": new_id(), "text": "nog iets"}, cookies)
    assert (status, field(page)) == (404, "nog iets")
    for path in ("", "/later", "/write", "/times", "/stop", "/end"):
        assert late.open(visitor.home + path, headers=cookies)[1]["Location"] == "/nl/chat"
    _, headers, frame = late.open(f"{visitor.home}/talk", headers=cookies)
    assert (headers["Refresh"], "niet meer" in frame) == (None, True)


def test_only_the_messages_may_stand_in_a_frame_and_only_on_our_own_page(people: People) -> None:
    visitor = PlainVisitor(people.service)
    policies = {
        path: visitor.open(visitor.home + path)[1]["Content-Security-Policy"]
        for path in ("", "/talk", "/later", "/write", "/times", "/stop")
    }
    assert [path for path, policy in policies.items() if FRAMED in policy] == ["/talk"]
    assert [path for path, policy in policies.items() if "frame-src 'self'" in policy] == [""]
    assert all(ALONE in policy for path, policy in policies.items() if path != "/talk")
    assert visitor.open(f"{visitor.home}/talk")[1]["X-Frame-Options"] == "SAMEORIGIN"
    assert visitor.open(visitor.home)[1]["X-Frame-Options"] == "DENY"
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert visitor.open(f"{visitor.home}/ask", {"client_id": new_id()}, foreign)[0] == 403


def test_two_frames_wait_for_news_and_a_third_one_takes_the_place_of_the_first(own_service: Service) -> None:
    visitor = PlainVisitor(own_service)  # one process: each counts its own
    first = visitor.frame()
    began = time.monotonic()
    with ThreadPoolExecutor() as windows:
        held = []
        for _ in range(3):
            held.append(windows.submit(visitor.next_frame, first))
            time.sleep(0.5)
        assert [one.done() for one in held] == [True, False, False]
        assert held[0].result().refresh.startswith("15;")  # and does not push the others out in turn
        visitor.say("hoor je dit")
        assert all("hoor je dit" in one.result().text for one in held[1:])
        assert time.monotonic() - began < 4


def test_who_holds_the_messages_still_is_not_refreshed(people: People) -> None:
    visitor = PlainVisitor(people.service)
    assert visitor.frame(f"{visitor.home}/talk?still=1").refresh is None
    assert visitor.post("tap", text="Is het anoniem?", topic="anonymity", still="1")[1].endswith("talk?still=1")
    assert visitor.say("hoi", still="1")[1] == f"{visitor.home}?sent=1&still=1"
    _, page = visitor.post("", text="half een zin", still="1")
    assert (field(page), "talk?still=1" in page) == ("half een zin", True)


def test_the_same_conversation_is_open_with_and_without_a_script(people: People) -> None:
    scripted = people.visitor()
    plain = PlainVisitor(people.service, begin=False)
    for cookie in scripted.browser.jar:
        plain.jar.set_cookie(cookie)
    held = plain.hears_of(plain.frame(), "van de ene kant")
    scripted.say("van de ene kant")
    held.wait()
    plain.say("van de andere kant")
    scripted.hears("entry", text="van de andere kant")


def test_a_button_of_the_assistant_is_pressed_in_the_frame(people: People) -> None:
    visitor = PlainVisitor(people.service, "en")
    assert visitor.post("tap", text="Is this anonymous?", topic="anonymity")[0] == 303
    frame = visitor.frame()
    assert len(frame.own) == 1
    assert 'data-sender="assistant"' in frame.page.split('data-sender="visitor"')[1]


def test_danger_shows_the_card_with_its_numbers_first(people: People) -> None:
    visitor = PlainVisitor(people.service)
    visitor.say("ik wil niet meer leven")
    frame = visitor.frame()
    assert 'class="frame from-crisis"' in frame.page
    shown = frame.page.split('<ol class="talk" id="talk">')[1]
    assert shown.index('href="tel:112"') < shown.index("<button")
    visitor.post("leave")


def test_a_letter_comes_back_with_its_seven_words(people: People) -> None:
    visitor = PlainVisitor(people.service)
    _, page = visitor.post("write", text="beste mensen")
    assert field(page) == "beste mensen"
    status, page = visitor.post("letter", text="beste mensen, een vraag")
    code = code_of(page)
    assert (status, len(code.split())) == (200, 7)
    assert visitor.frame().state == "letter"
    assert "30 dagen" in visitor.post("leave")[1]
    again = PlainVisitor(people.service, begin=False)
    status, headers, _ = again.open("/nl/chat/return", {"code": code.upper(), "plain": "1"})
    assert (status, headers["Location"]) == (303, visitor.home)
    assert "beste mensen, een vraag" in again.frame().text
    _, page = again.post("forget")
    assert "Alles is gewist" in page
    assert again.open("/nl/chat/return", {"code": code, "plain": "1"})[0] == 404


def test_an_appointment_is_made_and_cancelled(people: People) -> None:
    visitor = PlainVisitor(people.service)
    page = until(lambda: found if "<input type" in (found := visitor.post("times", text="")[1]) else None, 30, "times")
    status, page = visitor.post("book", text="")
    assert (status, "Kies eerst een tijd" in page) == (409, True)
    slot = re.search(r'name="slot" value="(\d+)"', page)
    assert slot
    status, page = visitor.post("book", slot=slot[1], text="half een zin")
    assert (status, len(code_of(page).split()), 'value="half een zin"' in page) == (200, 7, True)
    other = PlainVisitor(people.service)
    status, page = other.post("book", slot=slot[1], text="")
    assert (status, "net voor" in page) == (409, True)
    assert "Je afspraak" in visitor.frame().text
    visitor.post("cancel")
    assert "Je afspraak:" not in visitor.frame().text


def test_a_detail_that_could_identify_is_asked_about(people: People) -> None:
    visitor, key, words = PlainVisitor(people.service), new_id(), "mail mij op wilg@example.org over morgen"
    status, page = visitor.say(words, client_id=key)
    assert (status, visitor.frame().own) == (409, [])
    assert "<mark>wilg@example.org</mark>" in page
    without = re.search(r'name="text" value="([^"]*weggelaten[^"]*)"', page)
    assert without, page
    assert key_of(page) == key
    assert visitor.say(without[1], client_id=key)[0] == 303
    assert "wilg@example.org" not in visitor.frame().text
    assert visitor.say(words, as_is="1")[0] == 303
    assert "wilg@example.org" in visitor.frame().text
    status, page = visitor.post("letter", text=words)
    assert (status, "<mark>" in page, f'{visitor.home}/write"' in page) == (409, True, True)


def test_too_many_messages_are_slowed_down_and_none_is_lost(own_service: Service) -> None:
    own_service.kill("web")
    own_service.environment["MESSAGES_PER_10S"] = "3"
    own_service.start("web")
    visitor = PlainVisitor(own_service)
    answers = [visitor.say(f"bericht {number}") for number in range(4)]
    assert [status for status, _ in answers] == [303, 303, 303, 429]
    assert field(answers[3][1]) == "bericht 3"
    assert "sneller dan wij kunnen lezen" in answers[3][1]
    frames = [visitor.frame() for _ in range(10)]
    assert frames[-1].refresh is not None  # also then: it would stand still for ever
    assert "sneller" in frames[-1].text


def test_a_worker_closes_it_and_it_can_be_erased_at_once(people: People) -> None:
    visitor, worker = PlainVisitor(people.service), people.worker()
    visitor.post("ask")
    card = worker.sees()
    worker.claim(card["id"])
    worker.close(card["id"])
    frame = visitor.frame()
    assert (frame.state, frame.refresh) == ("closed", None)
    assert visitor.open(visitor.home)[1]["Location"] == f"{visitor.home}/end"
    assert 'id="forget-yes"' in visitor.open(f"{visitor.home}/end")[2]
    assert "Alles is gewist" in visitor.post("forget")[1]


def test_the_language_follows_but_never_while_words_are_turned_back(people: People) -> None:
    visitor = PlainVisitor(people.service)
    assert visitor.open("/en/chat/plain")[1]["Location"] == visitor.home
    assert visitor.open("/en/chat/plain/talk")[1]["Location"] == f"{visitor.home}/talk"
    status, _, page = visitor.open("/en/chat/plain/say", {"client_id": new_id(), "text": " "})
    assert (status, 'lang="en"' in page) == (409, True)


def test_who_has_gone_is_away_and_who_asks_again_is_here(people: People) -> None:
    visitor, worker = PlainVisitor(people.service), people.worker()
    visitor.post("ask")
    visitor.frame()
    assert worker.sees()["visitor"] == "here"
    until(lambda: worker.sees()["visitor"] == "away", 25, "away")
    held = visitor.hears_of(visitor.frame(), "Je wacht niet meer")
    until(lambda: worker.sees()["visitor"] == "here", 5, "here")
    visitor.post("withdraw")
    held.wait()


def test_an_old_form_with_other_words_is_another_message(people: People) -> None:
    visitor, key = PlainVisitor(people.service), new_id()
    for text in ("eerste woorden", "eerste woorden", "andere woorden"):
        assert visitor.say(text, client_id=key)[0] == 303
    shown = visitor.frame().text
    assert (shown.count("eerste woorden"), shown.count("andere woorden")) == (1, 1)
    visitor.post("forget")


def test_words_stay_on_the_screen_also_where_the_conversation_is_gone(people: People) -> None:
    visitor = PlainVisitor(people.service)
    visitor.post("forget")
    for page in ("", "later", "stop"):
        status, shown = visitor.post(page, text="nog niet verstuurd")
        assert (status, field(shown)) == (404, "nog niet verstuurd")


def test_nobody_is_said_to_have_asked_when_danger_put_them_into_the_queue(people: People) -> None:
    visitor = PlainVisitor(people.service)
    visitor.say("ik wil niet meer leven")
    shown = visitor.sees("Omdat er misschien gevaar is")
    assert "Je hebt om een mens gevraagd" not in shown.text
    assert "113" in visitor.open(visitor.home)[2]  # also beside the frame, where it is never scrolled away
    visitor.post("forget")
