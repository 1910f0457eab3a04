#!/usr/bin/env python3
"""Writes cases of confident learning with cleanlab 2.9's answers.

    pip install cleanlab==2.9.0
    python3 make_cleanlab_cases.py [COUNT [LARGEST]] > cleanlab_cases.json

COUNT cases (default 36) of at most LARGEST rows (default 90). NumPy's default sort leaves the order of
equals to the machine; here it is stable, so that equals come in the order of their rows.
"""
import functools
import json
import sys
import warnings

import numpy as np

warnings.filterwarnings("ignore")
np.argsort = functools.partial(np.argsort, kind="stable")

from cleanlab import count, dataset, filter, rank, version  # noqa: E402

FILTERS = ["prune_by_class", "prune_by_noise_rate", "both", "confident_learning",
           "predicted_neq_given", "low_normalized_margin", "low_self_confidence"]
QUALITIES = ["self_confidence", "normalized_margin", "confidence_weighted_entropy"]


def draw(random, number, largest):
    classes = int(random.integers(2, 13))
    rows = int(min(largest, max(2, np.exp(random.uniform(np.log(2), np.log(largest * 1.3))))))
    truth = random.choice(classes, rows, p=random.dirichlet(np.full(classes, 1.5)))
    given = truth.copy()
    wrong = random.random(rows) < random.choice([0, .05, .2, .5])
    given[wrong] = random.integers(0, classes, wrong.sum())
    if len(set(given)) < 2:
        given[0], given[1] = 0, 1
    sharpness = random.choice([.3, 1, 3])
    scores = sharpness * random.normal(size=(rows, classes)) / .5
    scores[np.arange(rows), truth] += random.choice([0, 1, 3])
    probabilities = np.exp(scores) / np.exp(scores).sum(1, keepdims=True)
    style = number % 6
    if style == 1:                                          # many ties, sums that miss one
        probabilities = probabilities.round(1)
    elif style == 2:
        probabilities = probabilities.round(2)
    elif style == 3:                                        # repeated, uniform and certain rows
        some = random.random(rows)
        probabilities[some < .3] = probabilities[0]
        probabilities[(some >= .3) & (some < .5)] = 1 / classes
        certain = some > .8
        probabilities[certain] = np.eye(classes)[random.integers(0, classes, certain.sum())]
    elif style == 4:                                        # labels that are never the likeliest
        probabilities[:, 0] += random.choice([.2, 1])
        probabilities = (probabilities / probabilities.sum(1, keepdims=True)).round(3)
    if style != 5:                                          # else all digits
        probabilities = probabilities.round(4)
    return given, np.clip(probabilities, 0, 1)


def case(given, probabilities, minimum):
    labels = given
    joint = count.compute_confident_joint(labels, probabilities)
    _, noise, inverse = count.estimate_latent(joint, labels)
    found = {}
    for by in FILTERS:
        mask = filter.find_label_issues(labels, probabilities, filter_by=by, n_jobs=1,
                                        min_examples_per_class=minimum)
        found[by] = {q: rank.order_label_issues(mask, labels, probabilities, rank_by=q).tolist()
                     for q in QUALITIES}
    frame = dataset.rank_classes_by_label_quality(labels, probabilities).sort_values("Class Index")
    return {
        "given": labels.tolist(),
        "probabilities": probabilities.tolist(),
        "minimum": minimum,
        "thresholds": np.asarray(count.get_confident_thresholds(labels, probabilities)).tolist(),
        "joint": joint.tolist(),
        "noise_matrix": noise.round(9).tolist(),
        "inverse_noise_matrix": inverse.round(9).tolist(),
        "label_issues": frame["Label Issues"].tolist(),
        "inverse_label_issues": frame["Inverse Label Issues"].tolist(),
        "label_noise": frame["Label Noise"].round(9).tolist(),
        "inverse_label_noise": frame["Inverse Label Noise"].round(9).tolist(),
        "health": float(round(dataset.overall_label_health_score(labels, probabilities,
                                                                 verbose=False), 9)),
        "quality": {q: rank.get_label_quality_scores(labels, probabilities, method=q)
                    .round(9).tolist() for q in QUALITIES},
        "issues": found,
    }


def main():
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 36
    largest = int(sys.argv[2]) if len(sys.argv) > 2 else 90
    random = np.random.default_rng(2)
    cases = []
    for index in range(number):
        given, probabilities = draw(random, index, largest)
        cases.append(case(given, probabilities, int(random.choice([1, 1, 1, 0, 2, 5]))))
    json.dump({"cleanlab": version.__version__, "cases": cases}, sys.stdout,
              separators=(",", ":"))
    print()


main()
