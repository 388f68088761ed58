"""Writes fresh-rows.json: the accuracy of scikit-learn's classifiers on 50 000 fresh rows, for the same training rows.

    node model/reference/write-rows.ts /tmp/rows
    /usr/bin/python3 model/reference/make_fresh_rows.py /tmp/rows

Requires scikit-learn 1.2.1 (Debian 12: `apt install python3-sklearn`).
"""

import pathlib
import sys

import numpy as np
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from shared import write

FAMILIES = {
    "logistic-regression": LogisticRegression(),
    "k-nearest-neighbors": KNeighborsClassifier(),
    "random-forest": RandomForestClassifier(random_state=0),
    "gradient-boosting": GradientBoostingClassifier(random_state=0),
    "support-vector-machine": SVC(),
    "neural-network": MLPClassifier(hidden_layer_sizes=(32, 16), random_state=0, max_iter=500),
}


def read(path):
    rows = np.loadtxt(path, delimiter=",", skiprows=1)
    return rows[:, :-1], rows[:, -1].astype(int)


def main():
    folder = pathlib.Path(sys.argv[1])
    features, labels = read(folder / "train.csv")
    fresh, fresh_labels = read(folder / "fresh.csv")
    scaler = StandardScaler().fit(features)
    accuracy = {}
    for family, classifier in FAMILIES.items():
        classifier.fit(scaler.transform(features), labels)
        accuracy[family] = accuracy_score(fresh_labels, classifier.predict(scaler.transform(fresh)))
        print(family, accuracy[family])
    write("fresh-rows.json", {"rows": len(fresh), "train_rows": len(features), "accuracy": accuracy})


main()
