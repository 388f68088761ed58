"""Writes k-nearest-neighbors.json: neighbors and probabilities of scikit-learn, for model/classifiers/k-nearest-neighbors.

    /usr/bin/python3 model/reference/make_k_nearest_neighbors.py

Requires scikit-learn 1.2.1 and NumPy (Debian 12: `apt install python3-sklearn`). The same versions give the same bytes.
`algorithm` is scikit-learn's choice for "auto".
"""

import numpy as np
from sklearn.neighbors import KDTree, KNeighborsClassifier
from sklearn.preprocessing import StandardScaler

from shared import hard_rows, read_dataset, write


def case(name, rows, labels, queries, **parameters):
    return {
        "name": name,
        "parameters": parameters,
        "columns": rows.shape[1],
        "rows": rows.ravel().tolist(),
        "labels": labels.tolist(),
        "queries": queries.ravel().tolist(),
        **predictions_of(rows, labels, queries, **parameters),
    }


def predictions_of(rows, labels, queries, **parameters):
    made = {}
    for weights in ("uniform", "distance"):
        classifier = KNeighborsClassifier(weights=weights, **parameters).fit(rows, labels)
        made[weights] = {"scores": classifier.predict_proba(queries)[:, 1].tolist(),
                         "predictions": classifier.predict(queries).tolist()}
    neighbors = np.sort(classifier.kneighbors(queries, return_distance=False), axis=1)
    return {"algorithm": classifier._fit_method, "neighbors": neighbors.ravel().tolist(), **made}


def tree_case(name, rows, queries, k, leaf_size, p):
    metric = {1: "manhattan", 2: "euclidean"}[p]
    tree = KDTree(rows, leaf_size=leaf_size, metric=metric)
    return {
        "name": name,
        "n_neighbors": k,
        "leaf_size": leaf_size,
        "p": p,
        "columns": rows.shape[1],
        "rows": rows.ravel().tolist(),
        "order": np.asarray(tree.get_arrays()[1]).tolist(),
        "queries": queries.ravel().tolist(),
        "neighbors": np.sort(tree.query(queries, k, return_distance=False), axis=1).ravel().tolist(),
    }


def worst_column(count):
    """Values for which each partition of std::nth_element removes only two or three, so that it falls back to its heap.

    They are chosen by an adversary while the algorithm runs (McIlroy, Software: Practice and Experience 29 (1999), 341-344).
    """
    values = [None] * count
    settled = 0

    def settle(index):
        nonlocal settled
        if values[index] is None:
            values[index] = settled
            settled += 1

    def is_before(a, b):
        if values[a] is None and values[b] is None:
            settle(a)
        if values[a] is None or values[b] is None:
            return values[b] is None
        return values[a] < values[b]

    order = list(range(count))
    first, last = 0, count
    while last - first > 3:
        places = [first + 1, first + (last - first) // 2, last - 1]
        for place in places[:2]:
            settle(order[place])
        median = sorted(places, key=lambda place: count if values[order[place]] is None else values[order[place]])[1]
        order[first], order[median] = order[median], order[first]
        pivot, low, high = order[first], first + 1, last - 1
        while True:
            while is_before(order[low], pivot):
                low += 1
            while is_before(pivot, order[high]):
                high -= 1
            if low >= high:
                break
            order[low], order[high] = order[high], order[low]
            low, high = low + 1, high - 1
        if low <= count // 2:
            first = low
        else:
            last = low
    for index in order:
        settle(index)
    return np.array(values, dtype=float)


def tree_cases(random):
    lattice = random.integers(0, 6, size=(700, 3)).astype(float)
    halves = random.integers(-2, 14, size=(400, 3)) / 2
    plane = random.integers(0, 9, size=(1000, 2)).astype(float)
    line = random.integers(0, 40, size=(500, 1)).astype(float)
    on_plane = random.integers(-2, 11, size=(300, 2)).astype(float)
    worst = worst_column(600)[:, np.newaxis]
    return [
        tree_case("integer lattice", lattice, halves, 5, 30, 2),
        tree_case("integer lattice, Manhattan", lattice, halves[:200], 7, 10, 1),
        tree_case("integer plane, one row to a leaf", plane, on_plane, 4, 1, 2),
        tree_case("integer line", line, np.arange(-3, 45)[:, np.newaxis] / 1.0, 3, 5, 2),
        tree_case("all rows equal", np.zeros((200, 3)), np.zeros((1, 3)), 5, 30, 2),
        tree_case("worst case of quickselect", worst, worst[::20] + 0.5, 6, 30, 2),
    ]


def classifier_cases(random):
    lattice = random.integers(0, 5, size=(400, 3)).astype(float)
    votes = random.integers(0, 2, size=400)
    around = random.integers(-1, 12, size=(150, 3)) / 2
    repeated = np.repeat(np.round(random.normal(size=(60, 3)), 3), 5, axis=0)
    constant = np.column_stack([random.normal(size=(200, 2)), np.full(200, 0.1)])
    hard, hard_labels = hard_rows(random)
    single = np.round(random.normal(size=(200, 1)), 1)
    wide = np.round(random.normal(size=(150, 20)), 4)
    few = random.integers(0, 3, size=(9, 2)).astype(float)
    return [
        case("ties", lattice, votes, around),
        case("ties, an even number of votes", lattice, votes, around, n_neighbors=4),
        case("ties, Manhattan", lattice, votes, around, p=1, leaf_size=7),
        case("duplicates that contradict", repeated, random.integers(0, 2, size=300), repeated[::4]),
        case("a constant column", constant, (constant[:, 0] > 0).astype(int), constant[::2] + 0.05),
        case("huge, tiny, discrete and nearly equal columns", hard, hard_labels, hard[::2]),
        case("one feature", single, (random.normal(size=200) > single[:, 0]).astype(int),
             np.arange(-40, 41)[:, np.newaxis] / 10),
        case("20 features, row by row", wide, (wide[:, 0] > 0).astype(int), np.round(random.normal(size=(60, 20)), 4)),
        case("few rows, row by row", few, np.array([0, 1] * 4 + [1]), few + 0.3, n_neighbors=4, p=1),
    ]


def dataset_case(random):
    features, labels = read_dataset()
    fresh = np.round(random.uniform([19, 40, 30], [28, 60, 100], size=(300, 3)), 1)
    queries = np.vstack([features[::8], fresh])
    scaler = StandardScaler().fit(features)
    made = predictions_of(scaler.transform(features), labels, scaler.transform(queries))
    return {"queries": queries.ravel().tolist(), **made}


def main():
    random = np.random.default_rng(11)
    write("k-nearest-neighbors.json", {"trees": tree_cases(random), "classifiers": classifier_cases(random),
                                       "dataset": dataset_case(random)})


main()
