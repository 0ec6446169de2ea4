"""Intent classifier: TF-IDF of words and characters, a linear model, and a temperature.

On short visitor messages in two languages it was more accurate than Rasa's neural default and
a hundred times cheaper to train. Character n-grams carry typos, compounds and Flemish spelling.
The model is stored as json and npz; nothing that runs code when it is read.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from numpy.typing import NDArray
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
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.svm import LinearSVC

Array = NDArray[np.float32]

SEED = 42
FOLDS = 5
TEMPERATURES = np.linspace(0.5, 12, 60)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TopicClassifier(IntentClassifier, GraphComponent):
    """Gives every message a full ranking of topics with probabilities."""

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self.config = config
        self.model_storage = model_storage
        self.resource = resource
        self.vectorizers: list[TfidfVectorizer] = []
        self.topics: list[str] = []
        self.weights: Array = np.zeros((0, 0), np.float32)
        self.bias: Array = np.zeros(0, np.float32)
        self.temperature = 1.0

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """N-gram ranges and the regularisation of the linear model."""
        return {"word_ngrams": [1, 2], "char_ngrams": [2, 5], "C": 1.0}

    @staticmethod
    def required_packages() -> list[str]:
        """Rasa checks that these can be imported."""
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
        examples = [e for e in training_data.intent_examples if e.get(TEXT)]
        texts = [e.get(TEXT) for e in examples]
        labels = np.array([e.get(INTENT) for e in examples])
        self.vectorizers = self._new_vectorizers()
        features = hstack([v.fit_transform(texts) for v in self.vectorizers]).tocsr()
        model = self._new_model().fit(features, labels)
        self.topics = [str(topic) for topic in model.classes_]
        self.weights = model.coef_.astype(np.float32)
        self.bias = model.intercept_.astype(np.float32)
        self.temperature = self._fit_temperature(features, labels)
        self._store()
        return self.resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent and the full ranking of each message.

        The ranking is not cut: the channel adds up the crisis topics, and the small ones count.
        """
        for message in messages:
            probabilities = self._probabilities(message.get(TEXT) or "")
            ranking = [
                {"name": self.topics[i], "confidence": float(probabilities[i])}
                for i in np.argsort(-probabilities, kind="stable")
            ]
            message.set(INTENT, dict(ranking[0]), add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

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
            words = json.loads((folder / "words.json").read_text(encoding="utf-8"))
            with np.load(folder / "weights.npz", allow_pickle=False) as arrays:
                classifier.weights = arrays["weights"]
                classifier.bias = arrays["bias"]
                idfs = [arrays["idf_word"], arrays["idf_char"]]
        classifier.topics = words["topics"]
        classifier.temperature = words["temperature"]
        classifier.vectorizers = classifier._new_vectorizers(words["vocabularies"])
        for vectorizer, idf in zip(classifier.vectorizers, idfs, strict=True):
            vectorizer.idf_ = idf
        return classifier

    def _new_vectorizers(self, vocabularies: list[dict[str, int]] | None = None) -> list[TfidfVectorizer]:
        word_vocabulary, char_vocabulary = vocabularies or (None, None)
        common = {"sublinear_tf": True, "strip_accents": "unicode", "dtype": np.float32}
        return [
            TfidfVectorizer(
                ngram_range=tuple(self.config["word_ngrams"]),
                # The default pattern drops one-letter words; "u" and "I" mean something.
                token_pattern=r"(?u)\b\w+\b",  # noqa: S106 - a pattern, not a password
                vocabulary=word_vocabulary,
                **common,
            ),
            TfidfVectorizer(
                analyzer="char_wb",
                ngram_range=tuple(self.config["char_ngrams"]),
                vocabulary=char_vocabulary,
                **common,
            ),
        ]

    def _new_model(self) -> LinearSVC:
        return LinearSVC(C=self.config["C"], class_weight="balanced", random_state=SEED)

    def _fit_temperature(self, features: csr_matrix, labels: NDArray[np.str_]) -> float:
        """The temperature that makes the probabilities of unseen phrases most likely.

        It is fitted on phrases left out in turn. They still resemble each other more than
        visitors' messages do, so thresholds are set on the separate development set.
        """
        smallest = int(np.unique(labels, return_counts=True)[1].min())
        if smallest < 2:
            return 1.0
        folds = StratifiedKFold(min(FOLDS, smallest), shuffle=True, random_state=SEED)
        margins = cross_val_predict(self._new_model(), features, labels, cv=folds, method="decision_function")
        right = np.searchsorted(self.topics, labels)
        rows = np.arange(len(right))
        losses = [-np.log(_softmax(margins * t)[rows, right] + 1e-12).mean() for t in TEMPERATURES]
        return float(TEMPERATURES[int(np.argmin(losses))])

    def _probabilities(self, text: str) -> Array:
        features = hstack([v.transform([text]) for v in self.vectorizers]).tocsr()
        if features.nnz == 0:
            # Not one known word or syllable: nothing is claimed, no danger either.
            return np.zeros(len(self.topics), np.float32)
        return _softmax((features @ self.weights.T + self.bias) * self.temperature)[0]

    def _store(self) -> None:
        words = {
            "topics": self.topics,
            "temperature": self.temperature,
            "vocabularies": [{word: int(i) for word, i in v.vocabulary_.items()} for v in self.vectorizers],
        }
        with self.model_storage.write_to(self.resource) as folder:
            (folder / "words.json").write_text(json.dumps(words), encoding="utf-8")
            np.savez_compressed(
                folder / "weights.npz",
                weights=self.weights,
                bias=self.bias,
                idf_word=self.vectorizers[0].idf_,
                idf_char=self.vectorizers[1].idf_,
            )


def _softmax(scores: Array) -> Array:
    exponents = np.exp(scores - scores.max(axis=1, keepdims=True))
    return exponents / exponents.sum(axis=1, keepdims=True)
