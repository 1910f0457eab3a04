extension Example {
  /// A report with every property that there can be.
  static let report = OrderedJSON.verbatim(
    #"""
    {
      "id": "an_2c26b46b68ffc68ff99b453c1d304134", "workspace_id": "\#(workspace)",
      "name": "Iris", "rows": 150, "created_at": "2026-01-31T09:30:00Z",
      "engine_version": "1.0.0", "seed": 7,
      "dataset": {
        "rows": 150, "missing_cells": 1,
        "columns": [
          {"name": "length", "type": "real", "missing": 1, "distinct": 35},
          {"name": "species", "type": "category", "missing": 0, "distinct": 2}
        ]
      },
      "label": {"column": "species", "guessed": false, "task_type": "classification", "classes": 2},
      "requested_detectors": [
        "missing_values", "exact_duplicates", "outliers", "class_imbalance", "label_errors"
      ],
      "detectors": {
        "missing_values": {
          "detector": "missing_values", "status": "ok", "parameters": {}, "flagged_count": 1,
          "flagged": [{"row": 12, "score": 0.5, "reason": "length is missing.", "column": "length"}],
          "details": {
            "missing_cells": 1, "complete_rows": 149,
            "columns": [{"column": "length", "missing": 1, "rate": 0.006667}],
            "pattern_count": 2,
            "patterns": [{"missing": [], "rows": 149}, {"missing": ["length"], "rows": 1}],
            "missing_together": [["length", "width"]],
            "dependences": [{
              "column": "length", "depends_on": "species", "is_label": true, "effect": 0.4,
              "p_value": 0.002, "words": "length is missing more often where species is virginica."
            }],
            "stand_ins": [{
              "column": "length", "value": "-999", "rows": 3,
              "reason": "which probably stands for a missing value: the others are from 4.3 to 7.9"
            }]
          }
        },
        "exact_duplicates": {
          "detector": "exact_duplicates", "status": "ok", "parameters": {}, "flagged_count": 1,
          "flagged": [{"row": 34, "score": 1, "reason": "Repeats row 9.", "duplicate_of": 9}],
          "details": {
            "group_count": 1, "groups": [{"keep": 9, "duplicates": [34]}],
            "label_conflict_count": 1,
            "label_conflicts": [{"rows": [101, 142], "labels": ["versicolor", "virginica"]}]
          }
        },
        "outliers": {
          "detector": "outliers", "status": "ok", "parameters": {"method": "modified z-score"},
          "flagged_count": 0, "flagged": [],
          "details": {
            "columns": [{
              "column": "length", "outliers": 0, "median": 5.8, "lower": 1.2, "upper": 10.4,
              "power": 1, "threshold": 3.5
            }]
          }
        },
        "class_imbalance": {
          "detector": "class_imbalance", "status": "ok", "parameters": {"rare_share": 0.1},
          "flagged_count": 0, "flagged": [],
          "details": {
            "classes": [{"label": "versicolor", "count": 75, "share": 0.5, "is_rare": false}],
            "imbalance_ratio": 1, "evenness": 1,
            "advice": ["Split the rows by class (stratified), so that every part has its share."]
          }
        },
        "label_errors": {
          "detector": "label_errors", "status": "ok", "reason": "It was asked for.",
          "parameters": {"folds": 5}, "flagged_count": 1,
          "flagged": [{
            "row": 70, "score": 0.98, "reason": "The rest of the row speaks for virginica.",
            "given_label": "versicolor", "suggested_label": "virginica"
          }],
          "details": {
            "checked_rows": 150, "left_out_classes": [],
            "classes": [{
              "label": "versicolor", "count": 75, "threshold": 0.93, "estimated_errors": 1,
              "noise": 0.013333, "missed_rows": 1, "inverse_noise": 0.013333, "flagged": 1
            }],
            "noise_matrix": [[0.99, 0.01], [0.01, 0.99]],
            "inverse_noise_matrix": [[0.99, 0.01], [0.01, 0.99]],
            "confident_joint": [[74, 1], [1, 74]], "health": 0.986667, "agreement": 0.98, "log_loss": 0.11
          }
        }
      },
      "format_problems": {
        "count": 1,
        "listed": [{
          "kind": "not_a_number", "row": 12, "column": "length",
          "message": "Row 12: \"?\" in length is no number; it counts as missing."
        }]
      },
      "quality_score": 97.2,
      "quality_components": [{"detector": "label_errors", "score": 98.67, "weight": 0.35}],
      "summary": ["1 of 150 labels is in doubt."]
    }
    """#)
}
