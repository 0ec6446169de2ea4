"""Workers against the running service: races, rights, and the whole chain."""

import threading

import pytest
from socketio.exceptions import ConnectionError

from tests.conftest import People
from tests.people import Browser, new_id
from tests.processes import until


def test_the_whole_chain(people: People) -> None:
    visitor, worker = people.visitor(), people.worker()
    visitor.say("wat kost het")
    visitor.ask_person()
    visitor.hears("view", state="waiting", position=1)
    card = worker.sees()
    opened = worker.claim(card["id"])
    assert [entry["number"] for entry in opened["entries"]] == list(range(1, len(opened["entries"]) + 1))
    visitor.hears("view", state="with_staff", name="Noor")
    assert worker.reply(card["id"], "hoi, ik ben Noor")["ok"]
    assert visitor.hears("entry", sender="staff")["text"] == "hoi, ik ben Noor"
    assert visitor.say("hoi Noor")["ok"]
    assert worker.hears("entry", conversation=card["id"])
    assert worker.close(card["id"])["ok"]
    visitor.hears("view", state="closed")
    assert visitor.say("nog iets")["code"] == "closed"
    assert worker.reply(card["id"], "te laat")["code"] == "not_found"


def test_two_workers_click_together_and_one_wins(people: People) -> None:
    noor, sem = people.worker("noor"), people.worker("sem")
    for _ in range(5):
        visitor = people.visitor()
        visitor.ask_person()
        wanted = noor.sees()["id"]
        answers: dict[str, dict] = {}
        gate = threading.Barrier(2)

        def click(name: str, who, gate=gate, answers=answers, wanted=wanted) -> None:
            gate.wait()
            answers[name] = who.claim(wanted)

        threads = [threading.Thread(target=click, args=pair) for pair in (("Noor", noor), ("Sem", sem))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        won = [name for name, answer in answers.items() if answer["ok"]]
        assert len(won) == 1, answers
        loser = next(answer for answer in answers.values() if not answer["ok"])
        assert loser["code"] == "already_claimed"
        assert loser["name"] == won[0]
        (noor if won == ["Noor"] else sem).close(wanted)


def test_claiming_against_withdrawing(people: People) -> None:
    visitor, worker = people.visitor(), people.worker()
    visitor.ask_person()
    wanted = worker.sees()["id"]
    visitor.emit("withdraw", {"client_id": new_id()})
    assert worker.claim(wanted)["code"] == "not_waiting"


def test_release_gives_the_visitor_back_to_the_queue(people: People) -> None:
    visitor, worker = people.visitor(), people.worker()
    visitor.ask_person()
    wanted = worker.emit("claim_next", {})["conversation"]["id"]
    assert worker.emit("release", {"conversation": wanted, "client_id": new_id()})["ok"]
    visitor.hears("view", state="waiting", position=1)
    assert worker.hears("conversation", id=wanted, mine=False)
    assert worker.emit("history", {"conversation": wanted, "after": 0})["code"] == "not_found"


def test_a_colleague_sees_and_says_nothing_in_anothers_conversation(people: People) -> None:
    visitor, noor, sem = people.visitor(), people.worker("noor"), people.worker("sem")
    visitor.ask_person()
    wanted = noor.sees()["id"]
    noor.claim(wanted)
    unknown = "0" * 32
    for conversation in (wanted, unknown):
        assert sem.reply(conversation, "hoi") == {"ok": False, "code": "not_found"}
        assert sem.emit("history", {"conversation": conversation, "after": 0}) == {"ok": False, "code": "not_found"}
        assert sem.close(conversation) == {"ok": False, "code": "not_found"}
    visitor.say("alleen voor Noor")
    noor.hears("entry", conversation=wanted)
    assert not [data for name, data in sem.heard if name == "entry"]


def test_nobody_waits_and_next_is_asked(people: People) -> None:
    assert people.worker().emit("claim_next", {}) == {"ok": False, "code": "not_waiting"}


@pytest.mark.parametrize("username", ["editor", "admin"])
def test_other_roles_sign_in_but_never_reach_a_conversation(people: People, username: str) -> None:
    with pytest.raises(Exception, match=r"(?i)connect"):
        people.worker(username)


def test_signing_out_ends_the_open_connection_too(people: People) -> None:
    worker = people.worker()
    assert worker.emit("board", {})["ok"]
    status, _, _ = worker.browser.open("/nl/desk/logout", form={})
    assert status == 303
    until(lambda: "/desk" not in worker.socket.namespaces, 5, "hanging up")
    with pytest.raises(ConnectionError):
        worker.reconnect()


def test_guessing_passwords_is_slowed_down(people: People) -> None:
    form = {"username": "somebody", "password": "wrong"}
    answers = [Browser(people.service.url).open("/en/desk/login", form=form)[0] for _ in range(20)]
    # Each web process counts for itself: eight guesses a minute each, and there are at most two.
    assert answers[0] == 401
    assert answers.count(401) <= 16
    assert answers.count(429) >= 4


def test_a_wrong_password_and_an_unknown_name_look_the_same(people: People) -> None:
    pages = []
    for username in ("noor", "nobody-at-all"):
        status, _, page = Browser(people.service.url).open(
            "/nl/desk/login", form={"username": username, "password": "wrong"}
        )
        assert status == 401
        pages.append(page.replace(username, ""))
    assert pages[0] == pages[1]


def test_the_visitor_hears_how_far_a_person_has_read(people: People) -> None:
    visitor, noor, sem = people.visitor(), people.worker("noor"), people.worker("sem")
    visitor.ask_person()
    wanted = noor.sees()["id"]
    noor.claim(wanted)
    number = visitor.say("dit is nog niet gelezen")["number"]
    seen = {"conversation": wanted, "number": number}
    assert visitor.emit("resume", {"after": 0})["view"]["read_number"] == 0
    assert sem.emit("read", seen)["code"] == "not_found"  # a colleague's screen says nothing
    assert noor.emit("read", seen)["ok"]
    assert visitor.hears("read")["number"] == number
    assert noor.emit("read", {**seen, "number": 1})["ok"]
    assert noor.emit("read", {**seen, "number": 9999})["ok"]  # nobody has read what is not there
    assert visitor.emit("resume", {"after": 0})["view"]["read_number"] == number
    assert [data["number"] for event, data in visitor.heard if event == "read"] == [number]


def test_reading_is_no_sign_of_life_and_turns_no_message_away(people: People) -> None:
    visitor, noor = people.visitor(), people.worker("noor")
    visitor.ask_person()
    wanted = noor.sees()["id"]
    before = noor.claim(wanted)["conversation"]["active_at"]
    assert noor.emit("read", {"conversation": wanted, "number": 2})["ok"]
    card = noor.emit("history", {"conversation": wanted, "after": 0})["conversation"]
    assert card["active_at"] == before
    for at in range(5):
        said = visitor.say(f"vraag {at}")
        assert noor.emit("read", {"conversation": wanted, "number": said["number"]})["ok"]
        assert noor.reply(wanted, f"antwoord {at}")["number"] == said["number"] + 1
