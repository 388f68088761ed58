"""Writes the data sets breast_cancer and wine of scikit-learn as CSV files with their own column names.

Usage: make_public_sets.py FOLDER
"""

import csv
import sys
from pathlib import Path

from sklearn.datasets import load_breast_cancer, load_wine

folder = Path(sys.argv[1])
for name, load in (("breast_cancer", load_breast_cancer), ("wine", load_wine)):
    data = load()
    with open(folder / f"{name}.csv", "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*data.feature_names, "target"])
        for row, label in zip(data.data, data.target):
            writer.writerow([*(repr(float(value)) for value in row), data.target_names[label]])
