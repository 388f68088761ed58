"""Writes scalers.json: attributes and results of scikit-learn's min-max, robust and max-abs scalers.

    /usr/bin/python3 model/reference/make_scalers.py

Requires scikit-learn 1.2.1 and NumPy. The standard scaler is in make_reference.py.
"""

import numpy as np
from sklearn.preprocessing import MaxAbsScaler, MinMaxScaler, RobustScaler

from shared import read_dataset, write


def min_max_json(scaler):
    return {
        "kind": "min-max",
        "data_min": scaler.data_min_.tolist(),
        "data_max": scaler.data_max_.tolist(),
        "scale": scaler.scale_.tolist(),
        "min": scaler.min_.tolist(),
        "feature_range": list(scaler.feature_range),
        "clip": scaler.clip,
    }


def robust_json(scaler):
    return {"kind": "robust", "center": scaler.center_.tolist(), "scale": scaler.scale_.tolist()}


def max_abs_json(scaler):
    return {"kind": "max-abs", "scale": scaler.scale_.tolist()}


KINDS = [(MinMaxScaler, min_max_json), (RobustScaler, robust_json), (MaxAbsScaler, max_abs_json)]


def row_sets(random):
    return {
        "constant": np.full((50, 1), 0.1),
        "zero": np.zeros((5, 1)),
        "constant but for one row": np.array([[7.3]] * 30 + [[9.1]]),
        "constant but for rounding": 0.3 + random.integers(0, 4, size=(40, 1)) * 5e-17,
        "one row": np.array([[1.5, -2.25]]),
        "two rows": np.array([[1.0, 5.0], [4.0, -5.5]]),
        "three rows": random.normal(size=(3, 2)),
        "four rows": random.normal(size=(4, 2)),
        "five rows": random.normal(size=(5, 2)),
        "ties and duplicates": random.integers(0, 4, size=(61, 3)).astype(float),
        "huge offset": 1e9 + random.normal(size=(40, 2)),
        "tiny scale": random.normal(size=(40, 2)) * 1e-150,
        "scale beside the limit for constants": np.array([[2.2e-15, 2.3e-15], [0.0, 0.0], [1.1e-15, 1.2e-15]]),
        "huge scale": random.normal(size=(40, 2)) * 1e100,
        "mixed": np.column_stack([random.normal(size=40), np.full(40, -7.3), random.exponential(size=40) * 1e6]),
        "20 features": random.normal(size=(24, 20)) * 10.0 ** random.integers(-6, 6, size=20),
        "more than 600 rows": random.normal(size=(602, 1)).round(3),
    }


def case(name, rows):
    fitted = []
    for make, to_json in KINDS:
        scaler = make().fit(rows)
        fitted.append({"scaler": to_json(scaler), "transformed": scaler.transform(rows[:10]).tolist()})
    return {"name": name, "rows": rows.tolist(), "fitted": fitted}


def clipped_case(random):
    scaler = MinMaxScaler(feature_range=(-1, 3), clip=True).fit(random.normal(size=(50, 2)))
    rows = random.normal(size=(20, 2)) * 3
    return {"scaler": min_max_json(scaler), "rows": rows.tolist(), "transformed": scaler.transform(rows).tolist()}


def main():
    random = np.random.default_rng(4)
    features, _ = read_dataset()
    dataset = [to_json(make().fit(features)) for make, to_json in KINDS]
    cases = [case(name, rows) for name, rows in row_sets(random).items()]
    write("scalers.json", {"dataset": dataset, "cases": cases, "clipped": clipped_case(random)})


main()
