"""Shared by the scripts in this folder: the committed dataset, hard cases, and the format of a reference file."""

import csv
import json
import pathlib

import numpy as np
import sklearn

HERE = pathlib.Path(__file__).parent
DATASET = HERE.parent / "data" / "dataset.csv"


def read_dataset():
    with DATASET.open(newline="") as file:
        rows = np.array([[float(cell) for cell in row] for row in list(csv.reader(file))[1:]])
    return rows[:, :-1], rows[:, -1].astype(int)


def write(name, content):
    head = {"made_with": {"scikit-learn": sklearn.__version__, "numpy": np.__version__}}
    text = json.dumps({**head, **content}, separators=(",", ":"))
    (HERE / name).write_text(text + "\n")


def hard_rows(random, count=240):
    """Scaled features that are hard to split: constant, huge, tiny, few distinct values, and closer than 1e-7."""
    signal = random.normal(size=count)
    features = np.column_stack(
        [
            np.full(count, 0.1),
            signal * 1e12,
            random.normal(size=count) * 1e-6,
            random.integers(0, 4, size=count).astype(float),
            1 + random.integers(0, 6, size=count) * 4e-8,
        ]
    )
    labels = (signal + (features[:, 3] - 1.5) + random.normal(size=count) > 0).astype(int)
    repeated = random.integers(0, count, size=count // 4)
    return np.vstack([features, features[repeated]]), np.concatenate([labels, labels[repeated]])
