"""Writes small models of the kinds that an import takes besides the six families, and their scores, for its tests.

    /usr/bin/python3 model/reference/make_import_kinds.py

Runs with several versions of scikit-learn like make_pickles.py, whose header says how. Writes joblib files to
model/import/fixtures/<version of scikit-learn>/kinds/ and rows with their scores and labels to kinds-<version>.json.
Null is a missing value. A second run gives the same bytes, except in the files of histogram gradient boosting, which have
memory that scikit-learn did not set.
"""

import warnings

import joblib
import numpy as np
import sklearn
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import (
    ExtraTreesClassifier,
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    IsolationForest,
    RandomForestClassifier,
)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, MinMaxScaler, RobustScaler, StandardScaler
from sklearn.tree import DecisionTreeClassifier

from shared import HERE, read_dataset, write

FOLDER = HERE.parent / "import" / "fixtures" / sklearn.__version__ / "kinds"


class Kinds:
    def __init__(self, features, labels, rows):
        self.features, self.labels, self.rows = features, labels, rows
        random = np.random.default_rng(3)
        self.gaps = features.copy()
        self.gaps[random.uniform(size=features.shape) < 0.2] = np.nan
        self.missing = np.vstack([rows[:8], np.full((1, 3), np.nan)])
        for i in range(8):
            self.missing[i, [i % 3, (i // 3) % 3]] = np.nan
        self.cases = []

    def add(self, name, model, takes_missing=False, features=None, labels=None):
        """Fits a model, dumps it, and records its scores."""
        data = (self.gaps if takes_missing else self.features) if features is None else features
        model.fit(data, self.labels if labels is None else labels)
        file = name.replace(" ", "-") + ".joblib"
        joblib.dump(model, FOLDER / file, compress=("zlib", 9))
        case = {"name": name, "file": f"kinds/{file}", **scores_of(model, self.rows)}
        if takes_missing:
            case["missing"] = scores_of(model, self.missing)
        self.cases.append(case)


def scores_of(model, rows):
    last = model[-1] if hasattr(model, "steps") else model
    if isinstance(last, IsolationForest):
        return {"scores": (-model.score_samples(rows)).tolist(), "labels": (model.predict(rows) == -1).astype(int).tolist()}
    labels = np.searchsorted(model.classes_, model.predict(rows))
    return {"scores": model.predict_proba(rows)[:, 1].tolist(), "labels": labels.tolist()}


def trees(kinds):
    kinds.add("tree", DecisionTreeClassifier(max_depth=5, random_state=0))
    weighted = DecisionTreeClassifier(max_leaf_nodes=7, class_weight={0: 0.1, 1: 0.7}, random_state=1)
    kinds.add("weighted tree", make_pipeline(StandardScaler(), weighted))
    kinds.add("extra trees", ExtraTreesClassifier(4, max_depth=4, random_state=2))
    kinds.add("extra trees of samples", ExtraTreesClassifier(3, bootstrap=True, max_leaf_nodes=8, random_state=3))
    # Both rows have either label equally often, so that the raw value is exactly 0.
    rows = np.array([[20.0, 50, 60], [30, 50, 60]] * 4)
    for loss in ("log_loss", "exponential"):
        balanced = GradientBoostingClassifier(n_estimators=2, loss=loss, random_state=4)
        kinds.add(f"raw value 0, {loss}", balanced, features=rows, labels=[0, 0, 0, 0, 1, 1, 1, 1])


def hist_gradient_boosting(kinds):
    small = {"max_iter": 6, "max_leaf_nodes": 6, "min_samples_leaf": 5, "early_stopping": False, "random_state": 0}
    kinds.add("hist gradient boosting", HistGradientBoostingClassifier(**small), takes_missing=True)
    complete = HistGradientBoostingClassifier(**small, l2_regularization=0.1)
    kinds.add("hist gradient boosting without gaps", make_pipeline(StandardScaler(), complete))
    gaps = kinds.features.copy()
    gaps[kinds.labels == 1, 1] = np.nan
    kinds.add("hist gradient boosting of gaps", HistGradientBoostingClassifier(**small), True, features=gaps)


def isolation_forests(kinds):
    kinds.add("isolation forest", IsolationForest(n_estimators=8, max_samples=32, random_state=0))
    share = IsolationForest(n_estimators=6, max_samples=24, contamination=0.2, random_state=1)
    kinds.add("isolation forest of a share", make_pipeline(StandardScaler(), share))
    columns = IsolationForest(n_estimators=7, max_samples=16, max_features=2, bootstrap=True, random_state=2)
    kinds.add("isolation forest of columns", columns)


def networks(kinds):
    for activation in ("relu", "tanh", "logistic", "identity"):
        network = MLPClassifier((5, 3), activation=activation, solver="lbfgs", max_iter=60, random_state=5)
        kinds.add(f"network {activation}", make_pipeline(StandardScaler(), network))


def imputers(kinds):
    for strategy in ("mean", "median", "most_frequent", "constant"):
        imputer = SimpleImputer(strategy=strategy, fill_value=22.5 if strategy == "constant" else None)
        kinds.add(f"imputer {strategy}", make_pipeline(imputer, StandardScaler(), LogisticRegression()), True)
    after = make_pipeline(MinMaxScaler((-1, 2), clip=True), SimpleImputer(), LogisticRegression())
    kinds.add("imputer after a scaler", after, True)
    kinds.add("imputer of trees", make_pipeline(SimpleImputer(strategy="median"), DecisionTreeClassifier(max_depth=4, random_state=0)), True)


def pipelines(kinds):
    inner = make_pipeline(FunctionTransformer(), StandardScaler())
    kinds.add("nested pipelines", make_pipeline(inner, make_pipeline("passthrough", LogisticRegression())))
    kinds.add("functions without a function", make_pipeline(FunctionTransformer(validate=True), LogisticRegression()))
    scaled = ColumnTransformer([("scaled", RobustScaler(), [2, 0])], remainder="passthrough")
    kinds.add("columns scaled and passed", make_pipeline(scaled, LogisticRegression()))
    chosen = ColumnTransformer([("kept", "passthrough", slice(1, 3)), ("left out", "drop", [0])])
    kinds.add("columns left out", make_pipeline(chosen, StandardScaler(), LogisticRegression()))
    branch = make_pipeline(SimpleImputer(), MinMaxScaler())
    masked = ColumnTransformer([("numbers", branch, np.array([True, True, True]))])
    kinds.add("columns imputed", make_pipeline(masked, LogisticRegression()), True)
    negative = ColumnTransformer([("scaled", StandardScaler(), [-1, -2])])
    kinds.add("columns from the end", make_pipeline(negative, make_pipeline(LogisticRegression())))


def undecided(kinds):
    """Every row has either label equally often: the label of a score of 0.5 is decided by the rules for ties."""
    rows = np.array([[first, second, 60.0] for first in (20, 30) for second in (40, 50)] * 4)
    labels = np.repeat([0, 1], 8)
    names = np.where(labels == 1, "ok", "fault")
    models = {
        "tree": DecisionTreeClassifier(random_state=6),
        "forest": RandomForestClassifier(4, bootstrap=False, random_state=6),
        "extra trees": ExtraTreesClassifier(5, random_state=6),
        "neighbors": KNeighborsClassifier(4, algorithm="kd_tree"),
        "hist gradient boosting": HistGradientBoostingClassifier(max_iter=3, min_samples_leaf=1, random_state=6),
    }
    for loss in ("log_loss", "exponential"):
        models[f"gradient boosting, {loss}"] = GradientBoostingClassifier(n_estimators=2, loss=loss, random_state=6)
    for name, model in models.items():
        kinds.add(f"undecided {name}", model, features=rows, labels=labels)
        kinds.add(f"undecided {name} by name", model, features=rows, labels=names)
    # 0.1 + 0.1 + 0.1 is more than 0.3 by a rounding error.
    weighted = DecisionTreeClassifier(class_weight={0: 0.3, 1: 0.1}, random_state=6)
    kinds.add("undecided weighted tree", weighted, features=rows, labels=np.repeat([0, 1], [4, 12]))
    # A tenth of eleven rows: the offset is the score of one of them.
    offset = IsolationForest(n_estimators=8, contamination=0.1, random_state=6)
    kinds.add("undecided isolation forest", offset, features=kinds.rows[:11], labels=np.zeros(11))


def neighbors_with_ties():
    """Whole numbers in a narrow range: many training rows are equally far from a row."""
    random = np.random.default_rng(5)
    draw = lambda count: random.integers([20, 50, 60], [28, 56, 66], size=(count, 3)).astype(float)
    features, rows = draw(150), draw(40)
    labels = random.integers(0, 2, size=len(features))
    models = {
        "brute force": KNeighborsClassifier(algorithm="brute"),
        "brute force by distance": KNeighborsClassifier(algorithm="brute", weights="distance"),
        "brute force, manhattan": KNeighborsClassifier(4, algorithm="brute", metric="manhattan"),
        "brute force, scaled": make_pipeline(StandardScaler(), KNeighborsClassifier(7, algorithm="brute")),
        "tree": KNeighborsClassifier(algorithm="kd_tree", leaf_size=10),
    }
    cases = []
    for name, model in models.items():
        model.fit(features, labels)
        file = f"ties-{name.replace(',', '').replace(' ', '-')}.joblib"
        joblib.dump(model, FOLDER / file, compress=("zlib", 9))
        cases.append({"name": name, "file": f"kinds/{file}", **scores_of(model, rows)})
    return {"rows": rows.tolist(), "cases": cases}


def main():
    warnings.simplefilter("ignore")
    FOLDER.mkdir(parents=True, exist_ok=True)
    features, labels = read_dataset()
    chosen = slice(0, None, len(features) // 90)
    random = np.random.default_rng(11)
    # Rows that were in the training data reach the borders of trees and of offsets.
    rows = np.vstack([features[chosen][:16], random.uniform([0, 0, 0], [60, 100, 200], size=(8, 3)), [[30.0, 50, 60]]])
    kinds = Kinds(features[chosen], labels[chosen], rows)
    for add in (trees, hist_gradient_boosting, isolation_forests, networks, imputers, pipelines, undecided):
        add(kinds)
    missing = [[None if np.isnan(value) else value for value in row] for row in kinds.missing.tolist()]
    content = {"rows": rows.tolist(), "missing_rows": missing, "cases": kinds.cases, "tied": neighbors_with_ties()}
    write(f"kinds-{sklearn.__version__}.json", content)


main()
