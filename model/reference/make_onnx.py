"""Writes ONNX models, and the scores of the scikit-learn models that they were converted from.

    /usr/bin/python3 model/reference/make_onnx.py

Requires scikit-learn 1.2.1, NumPy and ONNX 1.12 (Debian 12: `apt install python3-sklearn python3-onnx`). Reads
model/data/dataset.csv; writes model/import/onnx/fixtures/*.onnx and onnx.json. skl2onnx is not in Debian, so the nodes
are built here as its version 1.14 builds them (operator_converters), with numbers as float32.
"""

import numpy as np
from onnx import TensorProto, ValueInfoProto, checker, helper, numpy_helper, save
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import MaxAbsScaler, MinMaxScaler, RobustScaler, StandardScaler
from sklearn.svm import SVC

from shared import HERE, read_dataset, write

FIXTURES = HERE.parent / "import" / "onnx" / "fixtures"
ML = "ai.onnx.ml"
NAMES = ["temperature", "humidity", "sound_volume"]
FLOAT, DOUBLE, INT64, STRING = TensorProto.FLOAT, TensorProto.DOUBLE, TensorProto.INT64, TensorProto.STRING


class Graph:
    """A graph under construction. Each call adds a node and returns the name of its first output."""

    def __init__(self, dtype=FLOAT, columns=None, batch="N"):
        self.nodes, self.constants, self.dtype = [], [], dtype
        self.inputs = [helper.make_tensor_value_info(name, dtype, [batch, 1]) for name in columns or []]
        if not columns:
            self.inputs = [helper.make_tensor_value_info("X", dtype, [batch, 3])]

    def op(self, operator, inputs, outputs=None, domain="", **attributes):
        outputs = outputs or [f"t{len(self.nodes)}"]
        self.nodes.append(helper.make_node(operator, inputs, outputs, name=f"n{len(self.nodes)}", domain=domain,
                                           **attributes))
        return outputs[0]

    def ml(self, operator, inputs, outputs=None, **attributes):
        return self.op(operator, inputs, outputs, ML, **attributes)

    def constant(self, values, dtype=None):
        kind = {FLOAT: np.float32, DOUBLE: np.float64, INT64: np.int64, STRING: object}[dtype or self.dtype]
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(values, dtype=kind), name))
        return name

    def save(self, name, outputs):
        infos = []
        for output in outputs:
            if output == "output_probability":  # of ZipMap
                infos.append(ValueInfoProto(name=output))
                of = infos[-1].type.sequence_type.elem_type.map_type
                of.key_type = self.label_type
                of.value_type.tensor_type.elem_type = FLOAT
            elif "label" in output:
                infos.append(helper.make_tensor_value_info(output, self.label_type, ["N"]))
            else:
                infos.append(helper.make_tensor_value_info(output, FLOAT, ["N", None]))
        graph = helper.make_graph(self.nodes, name, self.inputs, infos, self.constants)
        model = helper.make_model(graph, producer_name="make_onnx", producer_version="1",
                                  opset_imports=[helper.make_opsetid("", 15), helper.make_opsetid(ML, 1)])
        model.ir_version = 8
        checker.check_model(model)
        save(model, FIXTURES / f"{name}.onnx")

    label_type = INT64

    def finish(self, name, label, probabilities, classes=(0, 1)):
        """Adds the two last nodes of every classifier: labels as int64, probabilities as maps."""
        key = {"classlabels_int64s": list(classes)} if isinstance(classes[0], int) else {
            "classlabels_strings": list(classes)}
        self.label_type = INT64 if isinstance(classes[0], int) else STRING
        if self.label_type == INT64:
            self.op("Cast", [label], ["output_label"], to=INT64)
        else:
            self.op("Identity", [label], ["output_label"])
        self.ml("ZipMap", [probabilities], ["output_probability"], **key)
        self.save(name, ["output_label", "output_probability"])


def scaled(graph, scaler, source="X"):
    """ai.onnx.ml.Scaler for a fitted StandardScaler, RobustScaler or MaxAbsScaler."""
    offset = getattr(scaler, "mean_", getattr(scaler, "center_", np.zeros(3)))
    return graph.ml("Scaler", [source], offset=offset.tolist(), scale=(1 / scaler.scale_).tolist())


def linear(graph, model, source, labels, transform="LOGISTIC"):
    coef, intercept = model.coef_.ravel(), model.intercept_
    kind = "classlabels_ints" if isinstance(labels[0], int) else "classlabels_strings"
    graph.ml("LinearClassifier", [source], ["label", "probability_tensor"], post_transform=transform, multi_class=0,
             coefficients=np.concatenate([-coef, coef]).tolist(), intercepts=[-intercept[0], intercept[0]],
             **{kind: list(labels)})
    return "label", "probability_tensor"


def below(threshold):
    """The largest float32 that is not above the threshold: both comparisons with a float32 x agree."""
    near = np.float32(threshold)
    return float(near if near <= threshold else np.nextafter(near, np.float32(-np.inf)))


def tree_attributes(trees, leaf_weight):
    names = ("treeids", "nodeids", "featureids", "modes", "values", "truenodeids", "falsenodeids", "hitrates",
             "missing_value_tracks_true")
    attributes = {f"nodes_{name}": [] for name in names}
    attributes.update({f"class_{name}": [] for name in ("treeids", "nodeids", "ids", "weights")})
    for number, tree in enumerate(trees):
        for node in range(tree.node_count):
            leaf = tree.children_left[node] < 0
            for name, value in zip(names, (
                number, node, 0 if leaf else int(tree.feature[node]), "LEAF" if leaf else "BRANCH_LEQ",
                0.0 if leaf else below(tree.threshold[node]), 0 if leaf else int(tree.children_left[node]),
                0 if leaf else int(tree.children_right[node]), 1.0, 0,
            )):
                attributes[f"nodes_{name}"].append(value)
            if leaf:
                for name, value in zip(("treeids", "nodeids", "ids", "weights"),
                                       (number, node, 0, float(leaf_weight(tree.value[node][0])))):
                    attributes[f"class_{name}"].append(value)
    return attributes


def as_other_modes(attributes, random):
    """The same trees with BRANCH_LT, BRANCH_GT and BRANCH_GTE, renumbered, in any order except for the root.

    onnxruntime takes the first node of a tree as its root.
    """
    for i, mode in enumerate(attributes["nodes_modes"]):
        if mode == "LEAF":
            continue
        other = random.choice(["BRANCH_LEQ", "BRANCH_LT", "BRANCH_GT", "BRANCH_GTE"])
        attributes["nodes_modes"][i] = str(other)
        if other in ("BRANCH_LT", "BRANCH_GTE"):
            value = np.float32(attributes["nodes_values"][i])
            attributes["nodes_values"][i] = float(np.nextafter(value, np.float32(np.inf)))
        if other in ("BRANCH_GT", "BRANCH_GTE"):
            yes, no = attributes["nodes_truenodeids"], attributes["nodes_falsenodeids"]
            yes[i], no[i] = no[i], yes[i]
    sizes = np.bincount(attributes["nodes_treeids"])
    for name in ("nodes_nodeids", "nodes_truenodeids", "nodes_falsenodeids", "class_nodeids"):
        trees = attributes["class_treeids" if name == "class_nodeids" else "nodes_treeids"]
        attributes[name] = [int(sizes[tree]) - 1 - node for tree, node in zip(trees, attributes[name])]
    starts = np.cumsum(sizes) - sizes
    order = np.concatenate([[start, *(start + 1 + random.permutation(size - 1))] for start, size in zip(starts, sizes)])
    for name in attributes:
        if name.startswith("nodes_"):
            attributes[name] = [attributes[name][i] for i in order]
    return attributes


def ensemble(graph, source, attributes, **more):
    graph.ml("TreeEnsembleClassifier", [source], ["label", "probabilities"], classlabels_int64s=[0, 1], **attributes,
             **more)
    return "label", "probabilities"


def machine(graph, source, model):
    platt = {}
    if len(model.probA_):
        platt = {"prob_a": model.probA_.tolist(), "prob_b": model.probB_.tolist()}
    graph.ml("SVMClassifier", [source], ["label", "svm_scores"], kernel_type=model.kernel.upper(),
             kernel_params=[float(model._gamma), float(model.coef0), float(model.degree)], post_transform="NONE",
             support_vectors=model.support_vectors_.ravel().tolist(), coefficients=(-model.dual_coef_).ravel().tolist(),
             rho=(-model.intercept_).tolist(), vectors_per_class=model.n_support_.tolist(), classlabels_ints=[0, 1],
             **platt)
    return "label", "svm_scores"


def votes(graph, decision):
    """Adds the nodes of skl2onnx for `decision_function_shape="ovr"`: votes, and confidences between −1/3 and 1/3."""
    zero, one, three, index = (graph.constant([0]), graph.constant([1]), graph.constant([3]),
                               graph.constant([0], INT64))
    vote = graph.op("Cast", [graph.op("Less", [decision, zero])], to=FLOAT)
    column, voted = graph.ml("ArrayFeatureExtractor", [decision, index]), graph.ml("ArrayFeatureExtractor", [vote, index])
    sums = graph.op("Concat", [graph.op("Sum", [column]), graph.op("Sum", [graph.op("Neg", [column])])], axis=1)
    others = graph.op("Add", [graph.op("Neg", [voted]), one])
    counts = graph.op("Concat", [graph.op("Sum", [others]), graph.op("Sum", [voted])], axis=1)
    size = graph.op("Mul", [graph.op("Add", [graph.op("Abs", [sums]), one]), three])
    return graph.op("Add", [counts, graph.op("Div", [sums, size])], ["probabilities"])


def layers(graph, source, model, hidden):
    for i, (weights, bias) in enumerate(zip(model.coefs_, model.intercepts_)):
        product = graph.op("MatMul", [source, graph.constant(weights)])
        source = graph.op("Add", [product, graph.constant(bias.reshape(1, -1))])
        source = graph.op("Sigmoid" if i == len(model.coefs_) - 1 else hidden, [source])
    return source


def logistic_models(scaled_with):
    scaler, model = scaled_with(StandardScaler(), LogisticRegression())
    graph = Graph()
    label, raw = linear(graph, model, scaled(graph, scaler), (0, 1))
    graph.ml("Normalizer", [raw], ["probabilities"], norm="L1")
    graph.finish("logistic", label, "probabilities")
    yield "logistic", scaler, model

    scaler, model = scaled_with(RobustScaler(), LogisticRegression(C=0.3))
    graph = Graph(DOUBLE)
    difference = graph.op("Sub", ["X", graph.constant(scaler.center_)])
    source = graph.op("Cast", [graph.op("Div", [difference, graph.constant(scaler.scale_)])], to=DOUBLE)
    weights = graph.constant(np.vstack([-model.coef_, model.coef_]).T)
    source = graph.op("MatMul", [source, weights])
    source = graph.op("Add", [source, graph.constant([[-model.intercept_[0], model.intercept_[0]]])], ["raw_scores"])
    source = graph.op("Sigmoid", [source])
    source = graph.op("Div", [source, graph.op("ReduceL1", [source], axes=[1], keepdims=1)])
    label = graph.op("ArgMax", ["raw_scores"], axis=1, keepdims=0)
    graph.finish("logistic-double", label, graph.op("Cast", [source], to=FLOAT))
    yield "logistic-double", scaler, model

    scaler, model = scaled_with(MinMaxScaler(clip=True), LogisticRegression(C=10))
    graph = Graph(columns=NAMES)
    source = graph.op("Concat", [graph.op("Cast", [name], to=FLOAT) for name in NAMES], axis=1)
    source = graph.op("Mul", [source, graph.constant(scaler.scale_)])
    source = graph.op("Add", [source, graph.constant(scaler.min_)])
    source = graph.op("Clip", [source, graph.constant(0), graph.constant(1)])
    label, probabilities = linear(graph, model, source, ("fine", "anomalous"))
    graph.finish("logistic-columns", label, probabilities, ("fine", "anomalous"))
    yield "logistic-columns", scaler, model

    scaler, model = scaled_with(MaxAbsScaler(), LogisticRegression())
    graph = Graph()
    linear(graph, model, scaled(graph, scaler), (0, 1), "NONE")
    graph.save("logistic-raw", ["label", "probability_tensor"])
    yield "logistic-raw", scaler, model


def tree_models(scaled_with, random):
    scaler, model = scaled_with(StandardScaler(), RandomForestClassifier(12, max_depth=5, random_state=0))
    graph = Graph()
    attributes = tree_attributes([tree.tree_ for tree in model.estimators_], lambda v: v[1] / v.sum() / 12)
    graph.finish("forest", *ensemble(graph, scaled(graph, scaler), attributes, post_transform="NONE"))
    yield "forest", scaler, model

    scaler, model = scaled_with(StandardScaler(), GradientBoostingClassifier(n_estimators=25, random_state=0))
    prior = model.init_.class_prior_[1]
    attributes = tree_attributes([tree.tree_ for tree in model.estimators_.ravel()],
                                 lambda v: v[0] * model.learning_rate)
    for name in ("boosting", "boosting-modes"):
        graph = Graph()
        label, probabilities = ensemble(graph, scaled(graph, scaler), attributes, post_transform="LOGISTIC",
                                        base_values=[float(np.log(prior / (1 - prior)))])
        graph.finish(name, label, probabilities)
        yield name, scaler, model
        attributes = as_other_modes(attributes, random)


def support_vector_models(scaled_with):
    for kernel in ("rbf", "linear", "poly", "sigmoid"):
        scaler, model = scaled_with(StandardScaler(), SVC(kernel=kernel, coef0=0.5), rows=slice(None, None, 20))
        graph = Graph()
        label, decision = machine(graph, scaled(graph, scaler), model)
        votes(graph, decision)
        graph.op("Cast", [label], ["output_label"], to=INT64)
        graph.save(f"svc-{kernel}", ["output_label", "probabilities"])
        yield f"svc-{kernel}", scaler, model
    scaler, model = scaled_with(StandardScaler(), SVC(probability=True, random_state=0), rows=slice(None, None, 20))
    graph = Graph()
    graph.finish("svc-platt", *machine(graph, scaled(graph, scaler), model))
    yield "svc-platt", scaler, model


def networks(scaled_with):
    scaler, model = scaled_with(StandardScaler(), MLPClassifier((8, 4), max_iter=400, random_state=0))
    graph = Graph()
    one = graph.op("Cast", [scaled(graph, scaler)], to=FLOAT)
    one = layers(graph, one, model, "Relu")
    both = graph.op("Concat", [graph.op("Sub", [graph.constant(1), one]), one], ["probabilities"], axis=1)
    best = graph.op("ArgMax", [both], axis=1)
    label = graph.ml("ArrayFeatureExtractor", [graph.constant([0, 1], INT64), best])
    label = graph.op("Reshape", [label, graph.constant([-1], INT64)])
    graph.finish("network", label, both)
    yield "network", scaler, model

    scaler, model = scaled_with(StandardScaler(), MLPClassifier((6,), "tanh", max_iter=400, random_state=1))
    graph = Graph(batch=1)
    source = graph.op("Sub", ["X", graph.constant(scaler.mean_)])
    source = graph.op("Div", [source, graph.constant(scaler.scale_)])
    source = graph.op("Tanh", [graph.op("Gemm", [source, graph.constant(model.coefs_[0].T),
                                                 graph.constant(model.intercepts_[0])], transB=1)])
    weights, bias = model.coefs_[1] / 2, model.intercepts_[1] / 2
    source = graph.op("Gemm", [source, graph.constant(np.hstack([-weights, weights])),
                               graph.constant([-bias[0], bias[0]])])
    graph.op("Softmax", [source], ["probabilities"], axis=-1)
    graph.save("network-softmax", ["probabilities"])
    yield "network-softmax", scaler, model

    scaler, model = scaled_with(StandardScaler(), MLPClassifier((5, 5), "logistic", max_iter=400, random_state=2))
    graph = Graph()
    graph.op("Identity", [layers(graph, scaled(graph, scaler), model, "Sigmoid")], ["dense_2"])
    graph.save("network-one-unit", ["dense_2"])
    yield "network-one-unit", scaler, model


def main():
    features, labels = read_dataset()
    random = np.random.default_rng(11)
    rows = random.uniform([18, 38, 20], [29, 62, 110], size=(60, 3)).round(3)
    FIXTURES.mkdir(parents=True, exist_ok=True)

    def scaled_with(scaler, model, rows=slice(None)):
        scaler.fit(features)
        return scaler, model.fit(scaler.transform(features[rows]), labels[rows])

    made = []
    for models in (logistic_models(scaled_with), tree_models(scaled_with, random), support_vector_models(scaled_with),
                   networks(scaled_with)):
        for name, scaler, model in models:
            scaled_rows = scaler.transform(rows)
            if isinstance(model, SVC):
                scores = 1 / (1 + np.exp(-model.decision_function(scaled_rows)))
            else:
                scores = model.predict_proba(scaled_rows)[:, 1]
            case = {"name": name, "scores": scores.tolist(), "predictions": model.predict(scaled_rows).tolist()}
            if isinstance(model, SVC) and model.probability:
                case["calibrated"] = model.predict_proba(scaled_rows)[:, 1].tolist()
            made.append(case)
    write("onnx.json", {"rows": rows.tolist(), "models": made})


main()
