"""Writes evaluation.json: curves, calibration and stratified folds computed by scikit-learn.

    /usr/bin/python3 model/reference/make_evaluation.py

Requires scikit-learn 1.2.1 and NumPy.
"""

import numpy as np
from sklearn.calibration import calibration_curve
from sklearn.metrics import average_precision_score, brier_score_loss, precision_recall_curve, roc_curve
from sklearn.model_selection import StratifiedKFold

from shared import write


def score_sets(random):
    spread = random.uniform(size=60)
    return {
        "distinct scores": spread,
        "tied scores": np.round(spread * 5) / 5,
        "one score for all": np.full(60, 0.4),
        "ends of the range": np.round(spread),
    }


def curves(name, labels, scores):
    false_positives, true_positives, _ = roc_curve(labels, scores, drop_intermediate=False)
    precision, recall, _ = precision_recall_curve(labels, scores)
    share, mean_score = calibration_curve(labels, scores, n_bins=10)
    return {
        "name": name,
        "labels": labels.tolist(),
        "scores": scores.tolist(),
        "roc": np.column_stack([false_positives, true_positives]).tolist(),
        "precision_recall": np.column_stack([recall, precision])[-2::-1].tolist(),
        "average_precision": average_precision_score(labels, scores),
        "calibration": np.column_stack([mean_score, share]).tolist(),
        "brier": brier_score_loss(labels, scores),
    }


def folds(labels, count):
    split = StratifiedKFold(count, shuffle=True, random_state=0).split(labels, labels)
    tested = [np.bincount(labels[test], minlength=2).tolist() for _, test in split]
    return {"labels": labels.tolist(), "folds": count, "tested": tested}


def main():
    random = np.random.default_rng(7)
    labels = (random.uniform(size=60) < 0.4).astype(int)
    label_sets = [(labels, 5), (labels, 7), (1 - labels, 5), (np.array([1, 0, 0, 1, 0, 1, 0]), 3), (labels[::-1], 10)]
    write(
        "evaluation.json",
        {
            "curves": [curves(name, labels, scores) for name, scores in score_sets(random).items()],
            "folds": [folds(*each) for each in label_sets],
        },
    )


main()
