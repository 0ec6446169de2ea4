"""A bot that always knows the same answer, and says it late."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SLOW_SECONDS = 1.5
VERSION = 2  # of docs/bot-contract.md


class SlowBot(ThreadingHTTPServer):
    """Answers every question in the same way, late, and notes what it was asked and told to forget."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), SlowBotHandler)
        self.asked: list[str] = []
        self.forgotten: list[str] = []
        self.url = f"http://127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, daemon=True).start()


class SlowBotHandler(BaseHTTPRequestHandler):
    server: SlowBot

    def do_POST(self) -> None:
        question = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.asked.append(question["message"])
        time.sleep(SLOW_SECONDS)
        ranking = [["cost", 0.9, "article"]]
        answer = {"version": VERSION, "model": "slow", "ranking": ranking, "crisis": 0.0, "act": "article"}
        self.answer(json.dumps(answer).encode())

    def do_DELETE(self) -> None:
        self.server.forgotten.append(self.path.rsplit("/", 1)[-1])
        self.answer(b"{}")

    def answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        return None
