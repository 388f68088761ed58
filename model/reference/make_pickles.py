"""Writes small models dumped by one version of scikit-learn, and their scores, for the tests of the import.

    /usr/bin/python3 model/reference/make_pickles.py

Writes pickle and joblib files to model/import/fixtures/<version of scikit-learn>/, and rows with their scores and labels
to pickles-<version>.json. Debian's releases have several versions (bookworm 1.2, trixie 1.4, sid 1.9). Each can be
installed in a folder:

    debootstrap --variant=minbase --include=python3-sklearn trixie /tmp/trixie http://deb.debian.org/debian
    mkdir /tmp/trixie/model && cp -r model/reference model/data /tmp/trixie/model
    chroot /tmp/trixie python3 /model/reference/make_pickles.py
    cp -r /tmp/trixie/model/import/fixtures/* model/import/fixtures
    cp /tmp/trixie/model/reference/pickles-*.json model/reference

The score of a row is predict_proba of the second class. For an SVC it is the logistic of the decision function, and
predict_proba is stored as well.
"""

import inspect
import pickle

import joblib
import numpy as np
import sklearn
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import MaxAbsScaler, MinMaxScaler, RobustScaler, StandardScaler
from sklearn.svm import SVC

from shared import HERE, read_dataset, write

FOLDER = HERE.parent / "import" / "fixtures" / sklearn.__version__
NAMES = ["temperature", "humidity", "sound_volume"]


def scores_of(model, rows):
    if isinstance(model, SVC) or isinstance(model, Pipeline) and isinstance(model[-1], SVC):
        return 1 / (1 + np.exp(-model.decision_function(rows)))
    return model.predict_proba(rows)[:, 1]


class Fixtures:
    def __init__(self, features, labels, rows):
        self.features, self.labels, self.rows = features, labels, rows
        self.cases = []

    def expect(self, name, files, model):
        """Records the scores of `model`, a Pipeline or a classifier of unscaled rows."""
        predicted = np.searchsorted(model.classes_, model.predict(self.rows))
        case = {"name": name, "files": files, "scores": scores_of(model, self.rows).tolist(),
                "labels": predicted.tolist()}
        if getattr(model[-1] if isinstance(model, Pipeline) else model, "probability", False) is True:
            case["calibrated"] = model.predict_proba(self.rows)[:, 1].tolist()
        self.cases.append(case)

    def dump(self, name, model, protocol=4):
        with (FOLDER / name).open("wb") as file:
            pickle.dump(model, file, protocol=protocol)

    def pipeline(self, name, scaler, classifier, labels=None, change=None):
        """Fits a Pipeline, dumps it with joblib, and records its scores."""
        model = make_pipeline(scaler, classifier)
        model.fit(self.features, self.labels if labels is None else labels)
        file = name.replace(" ", "-") + ".joblib"
        self.expect(name, [file], model)
        if change:
            change(model)
        joblib.dump(model, FOLDER / file)


def logistic_models(fixtures):
    scaler = StandardScaler().fit(fixtures.features)
    scaler.feature_names_in_ = np.array(NAMES, dtype=object)
    classifier = LogisticRegression().fit(scaler.transform(fixtures.features), fixtures.labels)
    fixtures.dump("scaler.pkl", scaler)
    fixtures.dump("best_model.pkl", classifier)
    del scaler.feature_names_in_
    fixtures.expect("two files", ["best_model.pkl", "scaler.pkl"], make_pipeline(scaler, classifier))
    names = np.where(fixtures.labels == 1, "anomaly", "normal")
    seeded = LogisticRegression(random_state=np.random.RandomState(1))
    fixtures.pipeline("names of classes", MinMaxScaler(clip=True), seeded, names)
    fixtures.pipeline("no intercept", StandardScaler(with_mean=False), LogisticRegression(fit_intercept=False))
    if "multi_class" in inspect.signature(LogisticRegression).parameters:
        fixtures.pipeline("multinomial", MaxAbsScaler(), LogisticRegression(multi_class="multinomial"))


def neighbor_models(fixtures):
    fixtures.pipeline("neighbors", StandardScaler(), KNeighborsClassifier())
    fixtures.pipeline("manhattan", RobustScaler(with_centering=False), KNeighborsClassifier(3, weights="distance", p=1))
    fixtures.pipeline("minkowski", "passthrough", KNeighborsClassifier(7, algorithm="brute", p=3))


def tree_models(fixtures):
    forest = RandomForestClassifier(5, max_depth=4, random_state=0)
    fixtures.pipeline("forest", "passthrough", forest)
    weighted = RandomForestClassifier(3, max_leaf_nodes=9, class_weight="balanced", random_state=1)
    fixtures.pipeline("forest of booleans", RobustScaler(), weighted, fixtures.labels == 1)
    exponential = GradientBoostingClassifier(n_estimators=6, loss="exponential", random_state=2)
    fixtures.pipeline("exponential", StandardScaler(with_std=False), exponential)
    zero = GradientBoostingClassifier(n_estimators=4, init="zero", subsample=0.7, random_state=3)
    objects = np.where(fixtures.labels == 1, "bad", "alright").astype(object)
    fixtures.pipeline("zero", MinMaxScaler((-1, 1)), zero, objects)


def support_vector_models(fixtures):
    for kernel in ("linear", "poly", "sigmoid"):
        fixtures.pipeline(kernel, StandardScaler(), SVC(kernel=kernel, coef0=0.5, class_weight="balanced"))
    fixtures.pipeline("calibrated", StandardScaler(), SVC(probability=True, random_state=4))

    def swap_bytes(model):
        svc = model[-1]
        svc.support_vectors_ = np.asfortranarray(svc.support_vectors_.astype(">f8"))
        svc.dual_coef_ = svc.dual_coef_.astype(">f8")
        model[0].mean_ = model[0].mean_.astype(">f8")

    fixtures.pipeline("big endian", StandardScaler(), SVC(), change=swap_bytes)


def formats(fixtures):
    """The same model, dumped in every format."""
    model = make_pipeline(StandardScaler(), GradientBoostingClassifier(n_estimators=4, random_state=0))
    model.fit(fixtures.features, fixtures.labels)
    for protocol in (2, 3, 4, 5):
        file = f"protocol-{protocol}.pkl"
        fixtures.dump(file, model, protocol)
        fixtures.expect(f"protocol {protocol}", [file], model)
    for name, options in {"zlib": {"compress": 3}, "gzip": {"compress": ("gzip", 9)}, "joblib-2": {"protocol": 2}}.items():
        joblib.dump(model, FOLDER / f"{name}.joblib", **options)
        fixtures.expect(name, [f"{name}.joblib"], model)


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    features, labels = read_dataset()
    random = np.random.default_rng(7)
    chosen = slice(0, None, len(features) // 90)
    seen = features[1 :: len(features) // 16][:16] + random.normal(size=(16, 3)) * 1e-3
    rows = np.vstack([seen, random.uniform([0, 0, 0], [60, 100, 200], size=(8, 3))])
    fixtures = Fixtures(features[chosen], labels[chosen], rows)
    logistic_models(fixtures)
    neighbor_models(fixtures)
    tree_models(fixtures)
    support_vector_models(fixtures)
    formats(fixtures)
    write(f"pickles-{sklearn.__version__}.json", {"rows": rows.tolist(), "cases": fixtures.cases})


main()
