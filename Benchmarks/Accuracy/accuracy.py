"""Finds flipped labels in public datasets: cleanlab with two models, and this engine, side by side.

    accuracy.py ENGINE [--seeds 5] [--share 0.1] [--clean] [--others] [NAME ...]

ENGINE is the program AnalysisBenchmark. Prints for each dataset F1 of the flagged rows and average
precision of all rows' scores, both averaged over the seeds of the noise; with --clean the share of rows
that are flagged when no label is flipped. Every program sees the same noisy labels.
"""

import argparse
import json
import subprocess
import tempfile
import warnings
from pathlib import Path

import numpy as np
from sklearn.metrics import average_precision_score, f1_score

import baselines
from public_data import DATASETS, OTHERS, flip, load


def engine(program, frame, noisy):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "noisy.csv"
        frame.assign(label=noisy).to_csv(path, index=False)
        answer = subprocess.run(
            [program, "report", path, "--label", "label", "--detectors", "label_errors",
             "--set", "label_errors.scores=all"],
            check=True, capture_output=True)
    result = json.loads(answer.stdout)["detectors"]["label_errors"]
    flagged = np.zeros(len(noisy), bool)
    if result["status"] != "ok":
        return flagged, np.zeros(len(noisy))
    flagged[[row["row"] for row in result["flagged"]]] = True
    return flagged, np.array([score or 0 for score in result["details"]["row_scores"]])


def contestants(program, features):
    """Name and function from labels to flags and scores; None where a program cannot."""
    models = {"cleanlab LR": baselines.logistic, "cleanlab HGB": baselines.boosting}
    for name, make in models.items():
        model = make(features)
        yield name, model and (lambda noisy, model=model: baselines.cleanlab(model, features, noisy))
    yield "this engine", lambda noisy: engine(program, features, noisy)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("engine")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--share", type=float, default=0.1)
    parser.add_argument("--clean", action="store_true")
    parser.add_argument("--others", action="store_true")
    options = parser.parse_args()
    warnings.filterwarnings("ignore")
    names = options.names or list(OTHERS if options.others else DATASETS)
    print("| data (rows) | cleanlab LR | cleanlab HGB | this engine |")
    print("| --- | --- | --- | --- |")
    for name in names:
        frame = load(name)
        features = frame.drop(columns=["label"])
        cells = []
        for _, judge in contestants(options.engine, features):
            if judge is None:
                cells.append("–")
            elif options.clean:
                flagged, _ = judge(frame["label"].to_numpy(object))
                cells.append(f"{flagged.mean():.1%}")
            else:
                figures = []
                for seed in range(options.seeds):
                    noisy, wrong = flip(frame["label"], options.share, seed)
                    flagged, scores = judge(noisy)
                    figures.append((f1_score(wrong, flagged), average_precision_score(wrong, scores)))
                cells.append("/".join(f"{figure:.3f}" for figure in np.mean(figures, axis=0)))
        print(f"| {name} {len(frame)} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
