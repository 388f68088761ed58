"""Times scikit-learn's prediction: one JSON task per line of input, one JSON answer per line of output.

    python3 scikit_learn.py folder

`folder` holds train.csv and fresh.csv. A task {"family", "batch", "calls"} is answered by {"ns_per_row"}: scaling and
predicting `batch` rows, `calls` times.
"""

import json
import pathlib
import sys
import time

import numpy as np
import sklearn
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

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
    return np.ascontiguousarray(rows[:, :-1]), rows[:, -1].astype(int)


def ns_per_row(model, rows, calls):
    model.predict(rows[:1])
    begin = time.perf_counter_ns()
    for _ in range(calls):
        model.predict(rows)
    return (time.perf_counter_ns() - begin) / calls / len(rows)


def main():
    folder = pathlib.Path(sys.argv[1])
    features, labels = read(folder / "train.csv")
    fresh, _ = read(folder / "fresh.csv")
    models = {family: make_pipeline(StandardScaler(), model).fit(features, labels) for family, model in FAMILIES.items()}
    print(json.dumps({"versions": {"scikit-learn": sklearn.__version__, "numpy": np.__version__}}), flush=True)
    for line in sys.stdin:
        task = json.loads(line)
        answer = ns_per_row(models[task["family"]], fresh[: task["batch"]], task["calls"])
        print(json.dumps({"ns_per_row": answer}), flush=True)


main()
