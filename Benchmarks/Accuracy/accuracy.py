"""Finds flipped labels in public datasets: Python's clean, cleanlab with two models, and this engine.

    accuracy.py ENGINE [--seeds 5] [--share 0.1] [--unflipped] [--others] [--tool TOOL] [NAME ...]

ENGINE is the program AnalysisBenchmark. Prints for each dataset F1 of the flagged rows and average
precision of all rows' scores, both averaged over the seeds of the noise; with --unflipped the share of rows
that are flagged when no label is flipped. Every program sees the same noisy labels.
"""

import argparse
import warnings

import numpy as np
from sklearn.metrics import average_precision_score, f1_score

import baselines
import engine
from public_data import DATASETS, OTHERS, flip, load


TOOLS = ["clean", "cleanlab LR", "cleanlab HGB", "this engine"]


def judge(tool, program, frame):
    """A function from labels to flags and scores; None if the tool is not there or cannot take such data."""
    if tool == "this engine":
        return lambda noisy: engine.label_errors(program, frame, noisy)
    if tool == "clean":
        numbers = frame.select_dtypes("number")
        if baselines.LabelErrorDetector is None or numbers.empty:
            return None
        return lambda noisy: baselines.clean(frame, noisy)
    model = {"cleanlab LR": baselines.logistic, "cleanlab HGB": baselines.boosting}[tool](frame)
    return model and (lambda noisy: baselines.cleanlab(model, frame, noisy))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("engine")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--share", type=float, default=0.1)
    parser.add_argument("--unflipped", action="store_true")
    parser.add_argument("--others", action="store_true")
    parser.add_argument("--tool", action="append", choices=TOOLS, help="one of them; else all")
    options = parser.parse_args()
    warnings.filterwarnings("ignore")
    tools = options.tool or TOOLS
    names = options.names or list(OTHERS if options.others else DATASETS)
    print(f"| data (rows) | {' | '.join(tools)} |")
    print("| --- " * (1 + len(tools)) + "|")
    for name in names:
        frame = load(name)
        features = frame.drop(columns=["label"])
        cells = []
        for tool in tools:
            find = judge(tool, options.engine, features)
            if find is None:
                cells.append("–")
            elif options.unflipped:
                flagged, _ = find(frame["label"].to_numpy(object))
                cells.append(f"{flagged.mean():.1%}")
            else:
                figures = []
                for seed in range(options.seeds):
                    noisy, wrong = flip(frame["label"], options.share, seed)
                    flagged, scores = find(noisy)
                    figures.append((f1_score(wrong, flagged), average_precision_score(wrong, scores)))
                cells.append("/".join(f"{figure:.3f}" for figure in np.mean(figures, axis=0)))
        print(f"| {name} {len(frame)} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
