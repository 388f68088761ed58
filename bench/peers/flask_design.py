"""The design of the Flask original: its development server, a pickled scaler and classifier, one INSERT per request.

    python3 flask_design.py database-url dataset.csv folder port

Fits the scaler and the classifier on the dataset and pickles them into `folder`, as the original's notebook did, then
serves `POST /predict` with what it unpickles.
"""

import pathlib
import pickle
import sys
from urllib.parse import unquote, urlsplit

import numpy as np
import pymysql
from flask import Flask, jsonify, request
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler

database_url, dataset, folder, port = sys.argv[1:]
scaler_file = pathlib.Path(folder) / "scaler.pkl"
model_file = pathlib.Path(folder) / "best_model.pkl"


def fit():
    rows = np.loadtxt(dataset, delimiter=",", skiprows=1)
    scaler = StandardScaler().fit(rows[:, :-1])
    model = MLPClassifier(hidden_layer_sizes=(32, 16), random_state=0, max_iter=500)
    model.fit(scaler.transform(rows[:, :-1]), rows[:, -1].astype(int))
    scaler_file.write_bytes(pickle.dumps(scaler))
    model_file.write_bytes(pickle.dumps(model))


fit()
scaler = pickle.loads(scaler_file.read_bytes())
model = pickle.loads(model_file.read_bytes())
url = urlsplit(database_url)
app = Flask(__name__)


def connect():
    return pymysql.connect(
        host=url.hostname,
        port=url.port,
        user=unquote(url.username),
        password=unquote(url.password or ""),
        database=url.path[1:],
    )


@app.route("/predict", methods=["POST"])
def predict():
    reading = request.get_json()
    row = [[reading["temperature"], reading["humidity"], reading["sound_volume"]]]
    prediction = int(model.predict(scaler.transform(row))[0])
    connection = connect()
    cursor = connection.cursor()
    cursor.execute(
        "INSERT INTO sensor_readings (temperature, humidity, sound_volume, prediction) VALUES (%s, %s, %s, %s)",
        (*row[0], prediction),
    )
    connection.commit()
    cursor.close()
    connection.close()
    return jsonify({"prediction": prediction})


app.run(host="127.0.0.1", port=int(port))
