#!/usr/bin/env python3
"""Measures what this engine, cleanlab and clean take for the same files: processor seconds and peak memory.

    speed.py ANALYSIS_BENCHMARK FILE...

Each side runs in a process of its own, one after the other, on one thread, and reads the file itself. cleanlab
is given what its documentation gives it: out-of-sample probabilities of a logistic regression and of boosted
trees by five folds, and scaled features for its nearest neighbours. clean's `analyze()` runs as it comes, on
classes as numbers, the only ones it takes; it is left out if not installed. This engine does all its detectors.
Memory and seconds are of the whole process, so the start of the interpreter and its imports are told apart.
"""

import importlib.util
import resource
import subprocess
import sys
import time

LAPS = """
import resource, sys, warnings
warnings.filterwarnings("ignore")

def used():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime

def lap(name):
    global mark
    print(f"  {name:36} {used() - mark:8.3f} s", flush=True)
    mark = used()

mark = 0
"""

CLEANLAB = LAPS + """
import numpy, pandas, sklearn.ensemble, sklearn.linear_model, sklearn.model_selection
import sklearn.pipeline, sklearn.preprocessing
from cleanlab import Datalab
lap("imports")
frame = pandas.read_csv(sys.argv[1])
lap("reading")
labels = frame.pop("label")
features = sklearn.preprocessing.StandardScaler().fit_transform(frame)
models = {
    "logistic regression": sklearn.linear_model.LogisticRegression(max_iter=1000),
    "boosted trees": sklearn.ensemble.HistGradientBoostingClassifier(random_state=0),
}
for name, model in models.items():
    probabilities = sklearn.model_selection.cross_val_predict(
        model, features, labels, cv=5, method="predict_proba", n_jobs=1)
    lap("probabilities of " + name)
for kind in ["label", "outlier", "near_duplicate"]:
    lab = Datalab(data={"x": features, "label": list(labels)}, label_name="label", verbosity=0)
    lab.find_issues(features=features, pred_probs=probabilities, issue_types={kind: {}})
    lap(kind)
"""

CLEAN = LAPS + """
import pandas
from clean import DatasetCleaner
lap("imports")
frame = pandas.read_csv(sys.argv[1])
lap("reading")
frame["label"] = pandas.factorize(frame["label"], sort=True)[0]
for attempt in ["cold", "warm"]:
    DatasetCleaner(data=frame, label_column="label").analyze(show_progress=False)
    lap(f"analyze, {attempt}")
"""

PEAK = """
print(f"  at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB resident", flush=True)
"""

ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1",
              "LOKY_MAX_CPU_COUNT": "1"}


def run(command):
    """Prints what a command prints, and the processor seconds and the time it took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    subprocess.run(command, check=True, env={"PATH": "/usr/bin:/bin", **ONE_THREAD})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"  the process: {seconds:.2f} processor seconds in {time.monotonic() - start:.2f} s", flush=True)


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    for file in sys.argv[2:]:
        print(f"{file} by this engine", flush=True)
        run([sys.argv[1], "time", file])
        print(f"{file} by cleanlab", flush=True)
        run([sys.executable, "-c", CLEANLAB + PEAK, file])
        if importlib.util.find_spec("clean"):
            print(f"{file} by clean", flush=True)
            run([sys.executable, "-c", CLEAN + PEAK, file])


if __name__ == "__main__":
    main()
