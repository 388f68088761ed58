"""Writes results of scikit-learn for the tests of this package.

    /usr/bin/python3 model/reference/make_reference.py

Requires scikit-learn 1.2.1 and NumPy (Debian 12: `apt install python3-sklearn`). Reads model/data/dataset.csv and writes
JSON files to its own folder. The same versions give the same bytes. Numbers are written as Python's repr, which parses
to the same float64.
"""

import hashlib

import numpy as np
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score, precision_score, recall_score, roc_auc_score
from sklearn.preprocessing import StandardScaler

from shared import DATASET, hard_rows, read_dataset, write

LEAF = -1


def scaler_json(scaler):
    return {
        "kind": "standard",
        "mean": scaler.mean_.tolist(),
        "variance": scaler.var_.tolist(),
        "scale": scaler.scale_.tolist(),
    }


def classifier_json(classifier):
    """The trees of a fitted classifier in parallel arrays. scikit-learn also numbers the nodes in pre-order."""
    trees = {key: [] for key in ("roots", "feature", "threshold", "left", "right", "value")}
    for (estimator,) in classifier.estimators_:
        tree = estimator.tree_
        root = len(trees["feature"])
        leaf = tree.children_left == LEAF
        trees["roots"].append(root)
        trees["feature"] += np.where(leaf, LEAF, tree.feature).tolist()
        trees["threshold"] += np.where(leaf, 0.0, tree.threshold).tolist()
        trees["left"] += np.where(leaf, LEAF, tree.children_left + root).tolist()
        trees["right"] += np.where(leaf, LEAF, tree.children_right + root).tolist()
        trees["value"] += np.where(leaf, tree.value[:, 0, 0], 0.0).tolist()
    prior = classifier.init_.class_prior_[1]
    return {
        "family": "gradient-boosting",
        "init": float(np.log(prior / (1 - prior))),
        "learning_rate": classifier.learning_rate,
        "trees": trees,
    }


def scaler_cases(random, features):
    cases = {
        "constant": np.full((50, 1), 0.1),
        "zero": np.zeros((5, 1)),
        "one row": np.array([[1.5, -2.25]]),
        "huge offset": 1e9 + random.normal(size=(60, 2)),
        "huge offset, noise below precision": 1e15 + random.normal(size=(60, 1)) * 0.01,
        "tiny scale": random.normal(size=(60, 2)) * 1e-150,
        "huge scale": random.normal(size=(60, 2)) * 1e100,
        "mixed": np.column_stack([random.normal(size=80), np.full(80, -7.3), random.exponential(size=80) * 1e6]),
    }
    made = []
    for name, rows in cases.items():
        scaler = StandardScaler().fit(rows)
        made.append({"name": name, "rows": rows.tolist(), "scaler": scaler_json(scaler),
                     "transformed": scaler.transform(rows).tolist()})
    scaler = StandardScaler().fit(features)
    sample = list(range(0, len(features), 40))
    dataset = {"scaler": scaler_json(scaler), "sample": sample,
               "transformed": scaler.transform(features[sample]).tolist()}
    return {"cases": made, "dataset": dataset}


def rows_on_thresholds(random, classifier, count):
    """Scaled rows with values on thresholds, next to them, on the nearest float32 numbers, and halfway between those."""
    trees = classifier_json(classifier)["trees"]
    inner = [i for i, feature in enumerate(trees["feature"]) if feature != LEAF]
    rows = random.normal(size=(count, classifier.n_features_in_))
    for row in rows:
        for node in random.choice(inner, size=3, replace=False):
            threshold = trees["threshold"][node]
            below = np.float32(threshold)
            above = np.nextafter(below, np.float32(np.inf))
            row[trees["feature"][node]] = random.choice(
                [
                    threshold,
                    np.nextafter(threshold, -np.inf),
                    np.nextafter(threshold, np.inf),
                    float(below),
                    float(above),
                    (float(below) + float(above)) / 2,
                    np.nextafter((float(below) + float(above)) / 2, -np.inf),
                ]
            )
    return rows


def boosting_reference(random, features, labels):
    scaler = StandardScaler().fit(features)
    scaled = scaler.transform(features)
    classifier = GradientBoostingClassifier(random_state=0).fit(scaled, labels)
    fresh = np.vstack([
        features[:: len(features) // 200][:200],
        np.round(random.uniform([19, 40, 30], [28, 60, 100], size=(200, 3)), 1),
        random.uniform([-273, 0, 0], [1000, 100, 200], size=(100, 3)),
    ])
    on_thresholds = rows_on_thresholds(random, classifier, 500)
    scores = classifier.predict_proba(scaler.transform(fresh))[:, 1]
    options = {"n_estimators": 25, "learning_rate": 0.3, "max_depth": 5, "min_samples_split": 40, "min_samples_leaf": 7}
    other = GradientBoostingClassifier(random_state=1, **options).fit(scaled, labels)
    hard, hard_labels = hard_rows(random)
    hard_classifier = GradientBoostingClassifier(random_state=0, n_estimators=40).fit(hard, hard_labels)
    return {
        "data_sha256": hashlib.sha256(DATASET.read_bytes()).hexdigest(),
        "scaler": scaler_json(scaler),
        "classifier": classifier_json(classifier),
        "rows": fresh.tolist(),
        "scores": scores.tolist(),
        "predictions": classifier.predict(scaler.transform(fresh)).tolist(),
        "scaled_rows": on_thresholds.tolist(),
        "scaled_scores": classifier.predict_proba(on_thresholds)[:, 1].tolist(),
        "scaled_predictions": classifier.predict(on_thresholds).tolist(),
        "other": {"parameters": options, "classifier": classifier_json(other)},
        "hard": {
            "parameters": {"n_estimators": 40},
            "rows": hard.tolist(),
            "labels": hard_labels.tolist(),
            "classifier": classifier_json(hard_classifier),
            "scores": hard_classifier.predict_proba(hard)[:, 1].tolist(),
        },
    }


def metric_case(name, labels, scores):
    predictions = (scores > 0.5).astype(int)
    tn, fp, fn, tp = confusion_matrix(labels, predictions, labels=[0, 1]).ravel().tolist()
    return {
        "name": name,
        "labels": labels.tolist(),
        "scores": scores.tolist(),
        "metrics": {
            "rows": len(labels),
            "accuracy": accuracy_score(labels, predictions),
            "precision": precision_score(labels, predictions, zero_division=0),
            "recall": recall_score(labels, predictions, zero_division=0),
            "f1": f1_score(labels, predictions, zero_division=0),
            "roc_auc": roc_auc_score(labels, scores),
            "confusion": {"true_negatives": tn, "false_positives": fp, "false_negatives": fn, "true_positives": tp},
        },
    }


def metric_cases(random):
    labels = random.integers(0, 2, size=300)
    smooth = np.clip(labels * 0.3 + random.uniform(0, 0.8, size=300), 0, 1)
    return {
        "cases": [
            metric_case("distinct scores", labels, smooth),
            metric_case("many ties", labels, np.round(smooth, 1)),
            metric_case("one score for all", labels, np.full(300, 0.5)),
            metric_case("nothing predicted as 1", np.array([0, 1, 1, 0]), np.array([0.1, 0.2, 0.3, 0.4])),
            metric_case("perfect", np.array([0, 1, 0, 1]), np.array([0.1, 0.9, 0.2, 0.8])),
        ]
    }


def main():
    features, labels = read_dataset()
    write("standard-scaler.json", scaler_cases(np.random.default_rng(1), features))
    write("gradient-boosting.json", boosting_reference(np.random.default_rng(2), features, labels))
    write("metrics.json", metric_cases(np.random.default_rng(3)))


main()
