"""Writes random-forest.json: probabilities of scikit-learn's random forests, and accuracies of forests and boosting.

    /usr/bin/python3 model/reference/make_random_forest.py

Requires scikit-learn 1.2.1 and NumPy. The stored forests are small, to limit the size of the file. The cross-validation
uses the whole dataset, with the folds of the tests.
"""

import numpy as np
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.model_selection import StratifiedKFold
from sklearn.preprocessing import StandardScaler

from shared import hard_rows, read_dataset, write

LEAF = -1
TREES = 30


def classifier_json(classifier):
    """The trees of a fitted forest in parallel arrays. The value of a leaf is the share of label 1."""
    trees = {key: [] for key in ("roots", "feature", "threshold", "left", "right", "value")}
    for estimator in classifier.estimators_:
        tree = estimator.tree_
        root = len(trees["feature"])
        leaf = tree.children_left == LEAF
        counts = tree.value[:, 0, :]
        trees["roots"].append(root)
        trees["feature"] += np.where(leaf, LEAF, tree.feature).tolist()
        trees["threshold"] += np.where(leaf, 0.0, tree.threshold).tolist()
        trees["left"] += np.where(leaf, LEAF, tree.children_left + root).tolist()
        trees["right"] += np.where(leaf, LEAF, tree.children_right + root).tolist()
        trees["value"] += np.where(leaf, counts[:, 1] / counts.sum(axis=1), 0.0).tolist()
    return {"family": "random-forest", "trees": trees}


def case(name, classifier, rows):
    return {
        "name": name,
        "classifier": classifier_json(classifier),
        "rows": rows.tolist(),
        "scores": classifier.predict_proba(rows)[:, 1].tolist(),
        "predictions": classifier.predict(rows).tolist(),
    }


def beside_thresholds(random, classifier, rows):
    """The rows, each with one value on a threshold, next to it, or halfway between two adjacent float32 numbers."""
    trees = classifier_json(classifier)["trees"]
    inner = [i for i, feature in enumerate(trees["feature"]) if feature != LEAF]
    moved = rows.copy()
    for row in moved:
        node = random.choice(inner)
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
            ]
        )
    return moved


def fit(rows, labels, **parameters):
    return RandomForestClassifier(random_state=0, **parameters).fit(rows, labels)


def cases(random, scaled, labels):
    some = slice(None, None, 4)
    deep = fit(scaled[some], labels[some], n_estimators=7)
    yield case("deep trees", deep, beside_thresholds(random, deep, scaled[1::12]))
    shallow = fit(scaled, labels, n_estimators=20, max_depth=3)
    yield case("shallow trees", shallow, beside_thresholds(random, shallow, scaled[2::20]))
    leaves = fit(scaled, labels, n_estimators=10, min_samples_leaf=30)
    yield case("leaves of 30 rows and more", leaves, beside_thresholds(random, leaves, scaled[3::20]))
    hard, hard_labels = hard_rows(random, 160)
    hard_forest = fit(hard, hard_labels, n_estimators=10, min_samples_leaf=2)
    yield case("constant, huge, tiny, discrete and nearly equal columns", hard_forest, hard)
    one = random.normal(size=(80, 1))
    one_forest = fit(one, (one[:, 0] + random.normal(size=80) > 0).astype(int), n_estimators=10)
    yield case("one feature", one_forest, one)
    twenty = random.normal(size=(100, 20)).round(2)
    twenty_forest = fit(twenty, (twenty[:, :3].sum(axis=1) > 0).astype(int), n_estimators=12)
    yield case("20 features", twenty_forest, twenty)


def tied_cases():
    """Small forests whose means are 0.5 for both labels, up to rounding."""
    for seed in range(400):
        random = np.random.default_rng(seed)
        count = int(random.integers(6, 40))
        rows = random.integers(0, 3, size=(count, 2)).astype(float)
        labels = np.arange(count) % 2
        parameters = {"n_estimators": int(random.choice([2, 3, 4, 6, 10])), "max_depth": int(random.integers(1, 5))}
        classifier = fit(np.vstack([rows, rows]), np.concatenate([labels, 1 - labels]), **parameters)
        grid = np.array([[a, b] for a in (0.0, 1.0, 2.0) for b in (0.0, 1.0, 2.0)])
        scores = classifier.predict_proba(grid)[:, 1]
        rounded = (np.abs(scores - 0.5) < 1e-12) & ((scores > 0.5) != (classifier.predict(grid) == 1))
        if rounded.any() or seed < 8:
            yield case(f"ties, {seed}", classifier, grid)


def cross_validation(features, labels):
    """Accuracy of each of five folds, for five seeds. `folds` has one digit per row: its fold."""
    runs = []
    for seed in range(5):
        folds = np.zeros(len(labels), dtype=int)
        forest, boosting = [], []
        splits = StratifiedKFold(5, shuffle=True, random_state=seed).split(features, labels)
        for fold, (train, test) in enumerate(splits):
            folds[test] = fold
            scaler = StandardScaler().fit(features[train])
            x, y = scaler.transform(features[train]), labels[train]
            held = scaler.transform(features[test])
            classifier = RandomForestClassifier(n_estimators=TREES, random_state=seed).fit(x, y)
            forest.append(classifier.score(held, labels[test]))
            classifier = GradientBoostingClassifier(n_estimators=TREES, random_state=seed).fit(x, y)
            boosting.append(classifier.score(held, labels[test]))
        digits = "".join(str(fold) for fold in folds)
        runs.append({"seed": seed, "folds": digits, "random_forest": forest, "gradient_boosting": boosting})
    return {"n_estimators": TREES, "runs": runs}


def without_chance(random):
    """One tree on all rows of one feature, without random numbers."""
    rows = random.normal(size=(120, 1)).round(2)
    labels = (rows[:, 0] + random.normal(size=120) > 0).astype(int)
    for parameters in [{}, {"min_samples_leaf": 4}, {"min_samples_split": 9}, {"max_depth": 4}]:
        classifier = fit(rows, labels, n_estimators=1, bootstrap=False, **parameters)
        yield {
            "parameters": {"n_estimators": 1, "bootstrap": False, **parameters},
            "rows": rows.tolist(),
            "labels": labels.tolist(),
            "trees": classifier_json(classifier)["trees"],
        }


def sizes(features, labels):
    """Mean number of nodes and mean depth of a tree, for several limits."""
    parameter_sets = [
        {},
        {"min_samples_leaf": 5},
        {"min_samples_split": 20},
        {"max_depth": 6},
        {"max_features": 2},
        {"max_features": None, "bootstrap": False, "min_samples_leaf": 3},
    ]
    for parameters in parameter_sets:
        trees = [tree.tree_ for tree in fit(features, labels, n_estimators=100, **parameters).estimators_]
        nodes, depths = np.mean([(tree.node_count, tree.max_depth) for tree in trees], axis=0)
        yield {"parameters": parameters, "nodes": nodes, "depth": depths}


def main():
    random = np.random.default_rng(6)
    features, labels = read_dataset()
    scaled = StandardScaler().fit_transform(features)
    write(
        "random-forest.json",
        {
            "cases": list(cases(random, scaled, labels)),
            "ties": list(tied_cases()),
            "without_chance": list(without_chance(random)),
            "sizes": list(sizes(features, labels)),
            "cross_validation": cross_validation(features, labels),
        },
    )


main()
