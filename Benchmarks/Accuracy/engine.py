"""Label errors as this engine finds them; PROGRAM is AnalysisBenchmark of Benchmarks/Analysis."""

import json
import subprocess
import tempfile
from pathlib import Path

import numpy as np


def label_errors(program, features, labels, *options):
    """The rows that are taken for wrong, and for each row a score that is higher the worse it is."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "noisy.csv"
        features.assign(label=labels).to_csv(path, index=False)
        answer = subprocess.run(
            [program, "report", path, "--label", "label", "--detectors", "label_errors",
             "--set", "label_errors.scores=all", *options],
            check=True, capture_output=True)
    result = json.loads(answer.stdout)["detectors"]["label_errors"]
    flagged = np.zeros(len(labels), bool)
    if result["status"] != "ok":
        return flagged, np.zeros(len(labels))
    flagged[[row["row"] for row in result["flagged"]]] = True
    return flagged, np.array([score or 0 for score in result["details"]["row_scores"]])
