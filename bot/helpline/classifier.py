"""The topic of a message: three readings of it, added up.

1. TF-IDF of words and letters, and a linear model: exact wordings, typos, compounds, Flemish spelling.
2. The sentence encoder (encoder.py) and three small networks (network.py): wordings that nobody trained on.
3. The same after spelling is put right (spelling.py), for messages in which something was.

Measured against each part alone and against Rasa's neural default in docs/assistant.md. The model is stored as json
and npz; nothing that runs code when it is read.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from helpline import encoder, network
from helpline.network import Array, Network, log_softmax
from helpline.spelling import Speller

SEED = 42


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TopicClassifier(IntentClassifier, GraphComponent):
    """Gives every message a full ranking of topics with probabilities."""

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self.config = config
        self.model_storage = model_storage
        self.resource = resource
        self.topics: list[str] = []
        self.vectorizers: list[TfidfVectorizer] = []
        self.weights: Array = np.zeros((0, 0), np.float32)
        self.bias: Array = np.zeros(0, np.float32)
        self.mean: Array = np.zeros(0, np.float32)
        self.scale: Array = np.zeros(0, np.float32)
        self.networks: list[Network] = []
        self.speller = Speller({})

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """What was tuned on the development sets.

        margin: by what the linear model's margins are multiplied before they become probabilities. linear: its share.
        temperature: over 1 makes the sum of both surer of itself, under 1 more modest.
        """
        return {
            **{"word_ngrams": [1, 2], "char_ngrams": [2, 5], "min_df": 2, "C": 1.0},
            **{"networks": 3, "margin": 5.0, "linear": 0.6, "temperature": 1.0},
        }

    @staticmethod
    def required_packages() -> list[str]:
        """Rasa checks that these can be imported; of others it asks a package of the name that is imported."""
        return ["sklearn"]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TopicClassifier:
        """An untrained classifier."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the example phrases and store the model."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        self.fit([e.get(TEXT) for e in examples], [e.get(INTENT) for e in examples])
        with self.model_storage.write_to(self.resource) as folder:
            self.store(folder)
        return self.resource

    def fit(self, texts: Sequence[str], labels: Sequence[str]) -> None:
        """Learn from these, without Rasa around it."""
        topics, rows = np.unique(np.array(labels), return_inverse=True)
        self.topics = [str(topic) for topic in topics]
        self.speller = Speller.of(texts, encoder.known_words())
        self.vectorizers = self._new_vectorizers()
        features = hstack([v.fit_transform(texts) for v in self.vectorizers]).tocsr()
        meanings = encoder.encode_many(texts)
        self.mean, self.scale = meanings.mean(axis=0), 1 / (meanings.std(axis=0) + 1e-6)
        seeds = range(SEED, SEED + self.config["networks"])
        counts = np.bincount(rows)
        evened = np.sqrt(counts.mean() / counts[rows]).astype(np.float32)  # topics with many lines count a little less
        standard = ((meanings - self.mean) * self.scale).astype(np.float32)
        self.networks = [network.fit(standard, rows, len(topics), evened, seed) for seed in seeds]
        linear = LinearSVC(C=self.config["C"], tol=1e-3, class_weight="balanced", random_state=SEED).fit(features, rows)
        self.weights, self.bias = linear.coef_.T.astype(np.float32), linear.intercept_.astype(np.float32)

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent and the full ranking of each message.

        The ranking is not cut: the channel adds up the crisis topics, and the small ones count.
        """
        for message in messages:
            probabilities = self.probabilities(message.get(TEXT) or "")
            ranking = [
                {"name": self.topics[i], "confidence": float(probabilities[i])}
                for i in np.argsort(-probabilities, kind="stable")
            ]
            message.set(INTENT, dict(ranking[0]), add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def probabilities(self, text: str) -> Array:
        """One probability for each topic; all of them 0 when there is not one known word: 'brmpf' claims nothing."""
        corrected = self.speller(text)
        if not self.speller.knows_any(text):
            return np.zeros(len(self.topics), np.float32)
        readings = [text] if corrected == text.lower() else [text, corrected]
        standard = (encoder.encode(readings) - self.mean) * self.scale
        meaning = sum(net.log_probabilities(standard) for net in self.networks) / len(self.networks)
        features: csr_matrix = hstack([v.transform([corrected]) for v in self.vectorizers]).tocsr()
        # The few rows of this message: multiplying the matrix as a whole turns all of it into float64, for 6 ms.
        margins = (features.data.astype(np.float32) @ self.weights[features.indices])[None] + self.bias
        share = self.config["linear"]
        total = share * log_softmax(margins * self.config["margin"]) + (1 - share) * meaning.mean(axis=0, keepdims=True)
        return np.exp(log_softmax(total * self.config["temperature"]))[0]

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> TopicClassifier:
        """A trained classifier. A model without one is an error: it must not start half blind."""
        classifier = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            classifier.restore(folder)
        return classifier

    def store(self, folder: Path) -> None:
        """Write what was learned as json and npz."""
        words = {
            "topics": self.topics,
            "counts": self.speller.counts,
            "vocabularies": [{word: int(i) for word, i in v.vocabulary_.items()} for v in self.vectorizers],
        }
        (folder / "words.json").write_text(json.dumps(words), encoding="utf-8")
        np.savez_compressed(
            folder / "weights.npz",
            weights=self.weights.astype(np.float16),
            bias=self.bias,
            mean=self.mean,
            scale=self.scale,
            **{f"idf{i}": v.idf_ for i, v in enumerate(self.vectorizers)},
            **{f"net{i}_{name}": layer for i, net in enumerate(self.networks) for name, layer in vars(net).items()},
        )

    def restore(self, folder: Path) -> None:
        """Read what `store` wrote."""
        words = json.loads((folder / "words.json").read_text(encoding="utf-8"))
        self.topics = words["topics"]
        self.speller = Speller(words["counts"], encoder.known_words())
        self.vectorizers = self._new_vectorizers(words["vocabularies"])
        with np.load(folder / "weights.npz", allow_pickle=False) as arrays:
            self.weights = arrays["weights"].astype(np.float32)
            self.bias, self.mean, self.scale = arrays["bias"], arrays["mean"], arrays["scale"]
            for i, vectorizer in enumerate(self.vectorizers):
                vectorizer.idf_ = arrays[f"idf{i}"]
            self.networks = [
                Network(*(arrays[f"net{i}_{name}"] for name in ("w1", "b1", "w2", "b2")))
                for i in range(self.config["networks"])
            ]

    def _new_vectorizers(self, vocabularies: list[dict[str, int]] | None = None) -> list[TfidfVectorizer]:
        word_vocabulary, char_vocabulary = vocabularies or (None, None)
        common: dict[str, Any] = {"sublinear_tf": True, "strip_accents": "unicode", "dtype": np.float32}
        if vocabularies is None:
            common["min_df"] = self.config["min_df"]
        return [
            TfidfVectorizer(
                ngram_range=tuple(self.config["word_ngrams"]),
                # The default pattern drops one-letter words; "u" and "I" mean something.
                token_pattern=r"(?u)\b\w+\b",  # noqa: S106 - a pattern, not a password
                vocabulary=word_vocabulary,
                **common,
            ),
            TfidfVectorizer(
                analyzer="char_wb", ngram_range=tuple(self.config["char_ngrams"]), vocabulary=char_vocabulary, **common
            ),
        ]
