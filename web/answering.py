"""One turn of the assistant: the question, the bot, the answer. The bot is called in no transaction."""

from web.actions import turns
from web.assistant.client import Bot
from web.core.assistant import Decision
from web.core.events import TurnDue
from web.dispatch import Dispatcher


def answer(dispatcher: Dispatcher, bot: Bot, due: TurnDue) -> Decision | None:
    """Returns the decision that was stored; None if the answer was no longer wanted and dropped."""
    question = dispatcher.read(turns.prepare, due.conversation_id, due.number, due.epoch)
    if question is None:
        return None
    said = bot.ask(question.conversation_id.hex, question.text, question.language)
    return dispatcher.perform(turns.store_answer, question, said)
