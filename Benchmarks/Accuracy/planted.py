#!/usr/bin/env python3
"""Plants duplicates and outliers in clean data, and compares what this engine and cleanlab find.

    planted.py [--engine PROGRAM] [--seeds N] [--noise SHARE] [DATASET...]

PROGRAM is AnalysisBenchmark of Benchmarks/Analysis, built for release. Of each dataset 2 % of the
rows are made outliers; then 5 % of the others are copied as they are, and 5 % with a noise of SHARE
of each column's standard deviation. cleanlab's Datalab sees standardised columns.

A near duplicate counts as found if a tool names the copy or the original; precision is over all
rows that the tool names. Of outliers, the planted ones among all flagged are given. `clean` is the
share of the untouched rows that are flagged as outliers.
"""

import argparse
import contextlib
import io
import json
import os
import pathlib
import subprocess
import tempfile
import warnings

import numpy as np
import pandas as pd
import sklearn.datasets

PROGRAM = pathlib.Path(__file__).parents[1] / "Analysis/.build/release/AnalysisBenchmark"


def classification(rows):
    return sklearn.datasets.make_classification(
        n_samples=rows, n_features=20, n_informative=10, n_redundant=5, n_classes=5,
        random_state=0)[0]


DATASETS = {
    "breast cancer": lambda: sklearn.datasets.load_breast_cancer().data,
    "digits": lambda: sklearn.datasets.load_digits().data,
    "wine": lambda: sklearn.datasets.load_wine().data,
    "iris": lambda: sklearn.datasets.load_iris().data,
    "classification 10k": lambda: classification(10_000),
    "blobs 10k": lambda: sklearn.datasets.make_blobs(10_000, 20, centers=5, random_state=0)[0],
    "lognormal 5k": lambda: np.exp(np.random.default_rng(0).normal(size=(5_000, 8))),
    "heavy tails 5k": lambda: np.random.default_rng(0).standard_t(3, size=(5_000, 10)),
    "few values 5k": lambda: np.random.default_rng(0).integers(0, 4, size=(5_000, 6)).astype(float),
}


def wide(rows, clean, random):
    """Each value anew, from a normal distribution of four times the width."""
    return clean.mean(0) + random.normal(0, 4, rows.shape) * clean.std(0)


def uniform(rows, clean, random):
    """Each value anew, anywhere in its column's range."""
    return random.uniform(clean.min(0), clean.max(0), rows.shape)


def pushed(rows, clean, random):
    """Each value pushed by three to six standard deviations."""
    signs = random.choice([-1, 1], rows.shape)
    return rows + signs * random.uniform(3, 6, rows.shape) * clean.std(0)


def spike(rows, clean, random):
    """One value of each row pushed by ten standard deviations."""
    spread = np.flatnonzero(clean.std(0) > 0)
    columns = random.choice(spread, len(rows))
    result = rows.copy()
    signs = random.choice([-1, 1], len(rows))
    result[np.arange(len(rows)), columns] += 10 * signs * clean.std(0)[columns]
    return result


KINDS = {"wide": wide, "uniform": uniform, "pushed": pushed, "spike": spike}


class Planted:
    def __init__(self, clean, kind, noise, seed):
        random = np.random.default_rng(seed)
        count = len(clean)
        order = random.permutation(count)
        few, some = max(1, count // 50), count // 20
        self.outliers = set(order[:few].tolist())
        exact, near = order[few:few + some], order[few + some:few + 2 * some]
        data = clean.copy()
        if kind is not None:
            data[order[:few]] = KINDS[kind](data[order[:few]], clean, random)
        copies = data[near] + random.normal(0, noise, (some, clean.shape[1])) * clean.std(0)
        self.data = np.vstack([data, data[exact], copies])
        firsts = np.concatenate([exact, near])
        self.pairs = list(zip(firsts.tolist(), range(count, count + 2 * some)))

    def accuracy(self, named):
        """Precision and recall of the rows that a tool names as duplicates."""
        planted = {row for pair in self.pairs for row in pair}
        found = sum(bool(named & set(pair)) for pair in self.pairs)
        return len(named & planted) / max(1, len(named)), found / len(self.pairs)


def by_cleanlab(data):
    from cleanlab import Datalab

    spread = np.where(data.std(0) > 0, data.std(0), 1)
    features = (data - data.mean(0)) / spread
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        lab = Datalab({"row": np.arange(len(data))}, verbosity=0)
        lab.find_issues(features=features, issue_types={"near_duplicate": {}, "outlier": {}})
    issues = lab.get_issues()
    return (
        set(np.flatnonzero(issues["is_near_duplicate_issue"]).tolist()),
        set(np.flatnonzero(issues["is_outlier_issue"]).tolist()))


def by_engine(program, data):
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "planted.csv")
        names = [f"x{number}" for number in range(data.shape[1])]
        pd.DataFrame(data, columns=names).to_csv(file, index=False)
        kinds = ["exact_duplicates", "near_duplicates", "outliers"]
        reports = {}
        for kind in kinds:
            output = subprocess.run(
                [program, "report", file, "--detectors", kind], check=True, capture_output=True)
            reports[kind] = json.loads(output.stdout)["detectors"][kind]["flagged"]
    duplicates = {row["row"] for kind in kinds[:2] for row in reports[kind]}
    return duplicates, {row["row"] for row in reports["outliers"]}


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", default=str(PROGRAM))
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--noise", type=float, default=0.01)
    parser.add_argument("datasets", nargs="*", help=", ".join(DATASETS))
    options = parser.parse_args()
    tools = {"cleanlab": by_cleanlab, "engine": lambda data: by_engine(options.engine, data)}
    print("| data (rows) | outliers | tool | duplicates: precision / recall | "
          "outliers: planted found of all flagged | clean |")
    print("|---|---|---|---|---|---|")
    for name in options.datasets or DATASETS:
        clean = DATASETS[name]().astype(float)
        untouched = {tool: len(find(clean)[1]) / len(clean) for tool, find in tools.items()}
        for kind in KINDS:
            for tool, find in tools.items():
                rows = []
                for seed in range(options.seeds):
                    planted = Planted(clean, kind, options.noise, seed)
                    duplicates, outliers = find(planted.data)
                    rows.append([
                        *planted.accuracy(duplicates), len(outliers & planted.outliers),
                        len(planted.outliers), len(outliers)])
                precision, recall, hits, all_planted, flagged = np.mean(rows, axis=0)
                print(f"| {name} ({len(clean)}) | {kind} | {tool} | {precision:.3f} / {recall:.3f} "
                      f"| {hits:g}/{all_planted:g} of {flagged:g} | {untouched[tool]:.1%} |",
                      flush=True)


if __name__ == "__main__":
    main()
