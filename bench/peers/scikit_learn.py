"""Times scikit-learn's prediction, scaling included, of one family; prints nanoseconds per row as JSON.

    python3 scikit_learn.py family dataset.csv fresh.csv

Fits on 80 % of the dataset, as the committed artifacts were, and predicts the fresh rows one by one and all at once.
"""

import json
import sys
import time

import numpy as np
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
SINGLE_CALLS = 100

family, dataset, fresh_rows = sys.argv[1:]


def read(path):
    rows = np.loadtxt(path, delimiter=",", skiprows=1)
    return np.ascontiguousarray(rows[:, :-1]), rows[:, -1].astype(int)


def ns_per_row(batches):
    begin = time.perf_counter_ns()
    for batch in batches:
        model.predict(batch)
    return (time.perf_counter_ns() - begin) / sum(map(len, batches))


features, labels = read(dataset)
train = len(features) * 4 // 5
model = make_pipeline(StandardScaler(), FAMILIES[family]).fit(features[:train], labels[:train])
fresh, _ = read(fresh_rows)
model.predict(fresh[:1])
singles = [fresh[row : row + 1] for row in range(SINGLE_CALLS)]
print(json.dumps({"one_row_ns": ns_per_row(singles), "batch_ns": ns_per_row([fresh])}))
