"""Writes support-vector-machine.json: fitted machines, decisions and probabilities of scikit-learn.

    /usr/bin/python3 model/reference/make_support_vector_machine.py

Requires scikit-learn 1.2.1 and NumPy (Debian 12: `apt install python3-sklearn`). The same versions give the same bytes.
"""

import numpy as np
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from shared import hard_rows, read_dataset, write


def kernel_json(machine):
    options = {"kind": machine.kernel}
    if machine.kernel != "linear":
        options["gamma"] = float(machine._gamma)
    if machine.kernel in ("poly", "sigmoid"):
        options["coef0"] = machine.coef0
    if machine.kernel == "poly":
        options["degree"] = machine.degree
    return options


def machine_json(machine):
    """The machine without its support vectors, which are the training rows at the indices `support`."""
    return {"support": machine.support_.tolist(), "kernel": kernel_json(machine),
            "dual_coef": machine.dual_coef_[0].tolist(), "intercept": machine.intercept_[0]}


def fit_case(name, rows, labels, **parameters):
    machine = SVC(**parameters).fit(rows, labels)
    return {
        "name": name,
        "parameters": parameters,
        "columns": rows.shape[1],
        "rows": rows.ravel().tolist(),
        "labels": labels.tolist(),
        "machine": machine_json(machine),
        "decisions": machine.decision_function(rows).tolist(),
        "predictions": machine.predict(rows).tolist(),
    }


def fit_cases(random):
    noise = random.normal(size=300)
    votes = (noise > 0).astype(int)
    plane = np.round(random.normal(size=(200, 2)), 3)
    on_plane = (plane.sum(axis=1) + noise[:200] > 0).astype(int)
    hard, hard_labels = hard_rows(random, 160)
    wide = np.round(random.normal(size=(150, 20)), 2)
    return [
        fit_case("ties", random.integers(0, 4, size=(300, 3)).astype(float), votes),
        fit_case("duplicates that contradict", np.repeat(plane[:60], 5, axis=0), votes),
        fit_case("a constant column", np.column_stack([plane, np.full(200, 0.1)]), on_plane),
        fit_case("all columns constant", np.full((40, 2), 3.0), (np.arange(40) % 3 == 0).astype(int)),
        fit_case("huge, tiny, discrete and nearly equal columns", hard, hard_labels),
        fit_case("the same columns, gamma auto", hard, hard_labels, gamma="auto"),
        fit_case("a tiny scale", plane * 1e-150, on_plane),
        fit_case("a huge scale", plane * 1e100, on_plane),
        fit_case("one feature", plane[:, :1], on_plane),
        fit_case("20 features", wide, (wide[:, 0] + noise[:150] > 0).astype(int)),
        fit_case("few of one class", plane, (plane[:, 0] > 1.9).astype(int)),
        fit_case("other parameters", plane, on_plane, C=20.0, gamma=0.7, tol=1e-4),
    ]


def dataset_case():
    features, labels = read_dataset()
    rows = StandardScaler().fit_transform(features)
    machine = SVC().fit(rows, labels)
    return {"machine": machine_json(machine), "decisions": machine.decision_function(rows[::8]).tolist(),
            "predictions": machine.predict(rows).tolist()}


def kernel_case(rows, labels, queries, **parameters):
    machine = SVC(probability=True, random_state=0, **parameters).fit(rows, labels)
    return {
        "name": machine.kernel,
        "machine": machine_json(machine),
        "platt": {"a": machine.probA_[0], "b": machine.probB_[0]},
        "decisions": machine.decision_function(queries).tolist(),
        "predictions": machine.predict(queries).tolist(),
        "probabilities": machine.predict_proba(queries)[:, 1].tolist(),
    }


def kernel_cases(random):
    features, labels = read_dataset()
    rows = np.round(StandardScaler().fit_transform(features)[:250], 6)
    queries = np.vstack([rows[:100], np.round(random.normal(size=(150, 3)) * 3, 3)])
    given = (rows, labels[:250], queries)
    return {
        "columns": 3,
        "rows": rows.ravel().tolist(),
        "queries": queries.ravel().tolist(),
        "machines": [
            kernel_case(*given, kernel="rbf"),
            kernel_case(*given, kernel="linear"),
            kernel_case(*given, kernel="poly", degree=2, coef0=0.5),
            kernel_case(*given, kernel="sigmoid", gamma=0.05, coef0=-0.25),
        ],
    }


def boundary_case():
    """Rows on the decision boundary, and so close to it that the logistic rounds to 0.5."""
    rows = np.array([[-1.0], [1.0]])
    machine = SVC(kernel="linear").fit(rows, [0, 1])
    queries = np.array([[0.0], [-0.0], [1e-17], [-1e-17], [1e-300], [-1e-300], [5e-324]])
    return {"rows": rows.ravel().tolist(), "machine": machine_json(machine), "queries": queries.ravel().tolist(),
            "predictions": machine.predict(queries).tolist()}


def main():
    random = np.random.default_rng(12)
    write("support-vector-machine.json", {"kernels": kernel_cases(random), "fits": fit_cases(random),
                                          "dataset": dataset_case(), "boundary": boundary_case()})


main()
