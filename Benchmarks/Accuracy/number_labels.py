"""Finds wrong numbers in the label column of public datasets: cleanlab with two models, and this engine.

    number_labels.py ENGINE [--seeds 3] [--share 0.05] [--kinds swapped unit shifted clean]
                     [--tools linear boosting engine] [--rows] [NAME ...]

ENGINE is the program AnalysisBenchmark. A share of the labels is made wrong: `swapped`, by another row's label;
`unit`, ten times or a tenth of what it was; `shifted`, by three to six times what boosted trees usually are off.
Prints F1 of the flagged rows and average precision of all rows' scores, means over the seeds of the noise; for
`clean`, where nothing is made wrong, the share of rows that are flagged. Every program sees the same labels;
cleanlab is run as its documentation says, with linear regression, its default, and with boosted trees. With
--rows each seed's figures are printed instead of means.
"""

import argparse
import os
import warnings

import numpy as np
import pandas as pd
import sklearn.datasets
from cleanlab.regression.learn import CleanLearning
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression
from sklearn.metrics import average_precision_score, f1_score
from sklearn.model_selection import cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

import engine
from baselines import kinds
from public_data import from_r

# Package, table, label, columns left out: numbers of rows, and what repeats the answer.
DATASETS = {
    "Auto": ("ISLR", "Auto", "mpg", []),
    "Boston": ("MASS", "Boston", "medv", []),
    "Carseats": ("ISLR", "Carseats", "Sales", []),
    "College": ("ISLR", "College", "Outstate", []),
    "Hitters": ("ISLR", "Hitters", "Salary", []),
    "Wage": ("ISLR", "Wage", "wage", ["logwage"]),
    "Credit": ("ISLR", "Credit", "Balance", ["ID"]),
    "concrete": ("modeldata", "concrete", "compressive_strength", []),
    "ames": ("modeldata", "ames", "Sale_Price", []),
    "biomass": ("modeldata", "biomass", "HHV", []),
    "car prices": ("modeldata", "car_prices", "Price", []),
    "Sacramento": ("modeldata", "Sacramento", "price", []),
    "house prices": ("AER", "HousePrices", "price", []),
    "salaries": ("carData", "Salaries", "salary", []),
    "cpus": ("MASS", "cpus", "perf", ["estperf"]),
    "penguins": ("modeldata", "penguins", "body_mass_g", []),
    "CPS1985": ("AER", "CPS1985", "wage", []),
    "deliveries": ("modeldata", "deliveries", "time_to_delivery", []),
    "tate": ("modeldata", "tate_text", "year", ["id"]),
}


def load(name):
    """A dataset by its name, its label in `label`; missing words are empty, as in a CSV file."""
    if name == "diabetes":
        frame = sklearn.datasets.load_diabetes(as_frame=True, scaled=False).frame
        frame = frame.rename(columns={"target": "label"})
    else:
        package, item, label, without = DATASETS[name]
        frame = from_r(package, item, label, without=without)
    for column in frame:
        if frame[column].dtype.kind not in "biuf":
            frame[column] = frame[column].astype(object).where(frame[column].notna(), "").astype(str)
    return frame.assign(label=frame["label"].astype(float))


def matrices(features):
    """Features as linear regression and as boosted trees take them, which cannot learn from text."""
    numbers, categories, texts = kinds(features)
    scaled = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    linear = ColumnTransformer([
        ("numbers", scaled, numbers),
        ("categories", OneHotEncoder(drop="first", min_frequency=5, sparse_output=False), categories),
        *((name, TfidfVectorizer(max_features=300), name) for name in texts),
    ], sparse_threshold=0)
    codes = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
    boosting = ColumnTransformer([("numbers", "passthrough", numbers), ("categories", codes, categories)])
    return linear.fit_transform(features), np.asarray(boosting.fit_transform(features), float)


class Noise:
    """Ways to make labels wrong."""

    def __init__(self, labels, matrix):
        predictions = cross_val_predict(HistGradientBoostingRegressor(random_state=0), matrix, labels)
        self.labels = labels
        self.deviation = 1.4826 * np.median(np.abs(labels - predictions))

    def noisy(self, kind, share, seed):
        """Labels of which a share is wrong, and which those are."""
        random = np.random.default_rng(seed)
        labels = self.labels.copy()
        wrong = np.zeros(len(labels), bool)
        if kind == "clean":
            return labels, wrong
        rows = random.choice(len(labels), round(share * len(labels)), replace=False)
        if kind == "swapped":
            labels[rows] = random.permutation(self.labels)[:len(rows)]
        elif kind == "unit":
            labels[rows] *= random.choice([10, 0.1], len(rows))
        else:
            labels[rows] += random.choice([-1, 1], len(rows)) * random.uniform(3, 6, len(rows)) * self.deviation
        wrong[rows] = labels[rows] != self.labels[rows]
        return labels, wrong


def by_cleanlab(model, matrix):
    def judge(labels):
        issues = CleanLearning(model, seed=0).find_label_issues(matrix, labels)
        return issues["is_label_issue"].to_numpy(), 1 - issues["label_quality"].to_numpy()

    return judge


def by_engine(program, features):
    return lambda labels: engine.label_errors(program, features, labels, "--task", "regression")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("engine")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--share", type=float, default=0.05)
    parser.add_argument("--kinds", nargs="+", default=["swapped", "unit", "shifted", "clean"])
    parser.add_argument("--tools", nargs="+", default=["linear", "boosting", "engine"])
    parser.add_argument("--rows", action="store_true")
    options = parser.parse_args()
    warnings.filterwarnings("ignore")
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    print(f"| data (rows) | labels | {' | '.join(options.tools)} |", flush=True)
    print(f"| --- | --- {'| --- ' * len(options.tools)}|", flush=True)
    for name in options.names or ["diabetes", *DATASETS]:
        frame = load(name)
        features, labels = frame.drop(columns=["label"]), frame["label"].to_numpy()
        linear, boosting = matrices(features)
        noise = Noise(labels, boosting)
        judges = {
            "linear": by_cleanlab(LinearRegression(), linear),
            "boosting": by_cleanlab(HistGradientBoostingRegressor(random_state=0), boosting),
            "engine": by_engine(options.engine, features),
        }
        for kind in options.kinds:
            figures = {tool: [] for tool in options.tools}
            for seed in range(1 if kind == "clean" else options.seeds):
                given, wrong = noise.noisy(kind, options.share, seed)
                for tool in options.tools:
                    flagged, scores = judges[tool](given)
                    figures[tool].append(
                        (flagged.mean(),) if kind == "clean" else
                        (f1_score(wrong, flagged), average_precision_score(wrong, scores)))
            shown = [] if kind == "clean" or not options.rows else list(zip(*figures.values()))
            cells = [
                f"{np.mean(values):.1%}" if kind == "clean"
                else "/".join(f"{figure:.3f}" for figure in np.mean(values, axis=0))
                for values in figures.values()]
            for seed, row in enumerate(shown):
                each = ["/".join(f"{figure:.3f}" for figure in values) for values in row]
                print(f"| {name} {len(frame)} | {kind} {seed} | {' | '.join(each)} |", flush=True)
            print(f"| {name} {len(frame)} | {kind} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
