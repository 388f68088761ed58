"""Writes logistic-regression.json: coefficients and probabilities of scikit-learn's logistic regression.

    /usr/bin/python3 model/reference/make_logistic_regression.py

Requires scikit-learn 1.2.1 and NumPy. The minimum is found by Newton's method, because L-BFGS stops early with its
default tolerance. Where scikit-learn does not reach the minimum, only its loss is stored.
"""

import warnings

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from shared import hard_rows, read_dataset, write


def classifier_json(classifier):
    return {
        "family": "logistic-regression",
        "coef": classifier.coef_[0].tolist(),
        "intercept": float(classifier.intercept_[0]),
    }


def fit_precisely(rows, labels, **parameters):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # The tolerance is sometimes too small for float64.
        return LogisticRegression(**parameters, solver="newton-cholesky", tol=1e-12, max_iter=1000).fit(rows, labels)


def noisy_labels(random, logits):
    return (random.uniform(size=len(logits)) < 1 / (1 + np.exp(-logits))).astype(int)


def row_sets(random):
    """Yields name, rows, labels, and one or more sets of parameters."""
    one = random.normal(size=(60, 1))
    yield "one feature", one, noisy_labels(random, 2 * one[:, 0] - 0.5), [{}]
    twenty = random.normal(size=(120, 20)).round(4)
    twenty_labels = noisy_labels(random, twenty @ random.normal(size=20))
    yield "20 features", twenty, twenty_labels, [{}, {"C": 1000.0}, {"C": 1e-3}, {"fit_intercept": False}]
    ties = random.integers(0, 3, size=(80, 2)).astype(float)
    yield "ties and duplicated rows", np.vstack([ties, ties]), np.tile(noisy_labels(random, ties @ [1, -1]), 2), [{}]
    columns = np.column_stack([one, one, np.full(60, 0.1), np.full(60, -7.0)])
    yield "duplicated and constant columns", columns, noisy_labels(random, one[:, 0]), [{}, {"fit_intercept": False}]
    yield "perfectly separable", one, (one[:, 0] > 0.2).astype(int), [{}, {"C": 100.0}]
    yield "two rows", np.array([[1.0, 2.0], [3.0, -4.0]]), np.array([0, 1]), [{}]
    offset = np.column_stack([1000 + random.normal(size=80), 50 + 10 * random.normal(size=80)])
    yield "far from 0", offset, noisy_labels(random, offset[:, 0] - 1000), [{}]
    scales = random.normal(size=(80, 4)) * [1e-6, 1e-2, 1e3, 1e6]
    yield "huge and tiny scales", scales, noisy_labels(random, scales @ [0, 100, 1e-3, -1e-6]), [{}]
    hard, hard_labels = hard_rows(random, 120)
    yield "constant, huge, tiny, discrete columns, scaled", StandardScaler().fit_transform(hard), hard_labels, [{}]
    rare = random.normal(size=(150, 2))
    yield "a rare label", rare, (rare[:, 0] + rare[:, 1] > 2.6).astype(int), [{}]


def case(name, rows, labels, parameter_sets):
    fits = []
    for parameters in parameter_sets:
        classifier = fit_precisely(rows, labels, **parameters)
        fits.append(
            {
                "parameters": parameters,
                "classifier": classifier_json(classifier),
                "scores": classifier.predict_proba(rows)[:, 1].tolist(),
                "predictions": classifier.predict(rows).tolist(),
            }
        )
    return {"name": name, "rows": rows.tolist(), "labels": labels.tolist(), "fits": fits}


def loss_of(classifier, rows, labels):
    log_odds = classifier.decision_function(rows)
    return float(np.logaddexp(0, np.where(labels == 1, -log_odds, log_odds)).sum() + (classifier.coef_**2).sum() / 2)


def out_of_reach(random):
    """Unscaled columns from 1e-7 to 1e12, for which the solvers stop far from the minimum."""
    rows, labels = hard_rows(random, 60)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = [LogisticRegression(max_iter=10000).fit(rows, labels), fit_precisely(rows, labels)]
    losses = [loss_of(classifier, rows, labels) for classifier in fitted]
    return {"rows": rows.tolist(), "labels": labels.tolist(), "losses": losses}


def on_the_boundary(random):
    """Rows on the decision boundary of a classifier, and as close to it as float64 allows."""
    classifier = LogisticRegression().fit([[0.0, 0.0], [1.0, 1.0]], [0, 1])
    classifier.coef_, classifier.intercept_ = np.array([[1.0, -1.0]]), np.array([0.0])
    first = random.normal(size=40)
    second = first.copy()
    second[:15] = np.nextafter(first[:15], np.inf)
    second[15:30] = np.nextafter(first[15:30], -np.inf)
    rows = np.vstack([np.column_stack([first, second]), [[1e-17, 0], [0, 1e-17], [5e-324, 0], [1e-16, 0], [0, 0]]])
    return {
        "classifier": classifier_json(classifier),
        "rows": rows.tolist(),
        "scores": classifier.predict_proba(rows)[:, 1].tolist(),
        "predictions": classifier.predict(rows).tolist(),
    }


def main():
    random = np.random.default_rng(5)
    features, labels = read_dataset()
    scaled = StandardScaler().fit_transform(features)
    classifier = fit_precisely(scaled, labels)
    sample = scaled[::20]
    dataset = {
        "default": classifier_json(LogisticRegression().fit(scaled, labels)),
        "precise": classifier_json(classifier),
        "unscaled": classifier_json(fit_precisely(features, labels)),
        "scores": classifier.predict_proba(sample)[:, 1].tolist(),
        "predictions": classifier.predict(sample).tolist(),
    }
    write(
        "logistic-regression.json",
        {
            "dataset": dataset,
            "cases": [case(*row_set) for row_set in row_sets(random)],
            "out_of_reach": out_of_reach(random),
            "boundary": on_the_boundary(random),
        },
    )


main()
