"""What a careful user of cleanlab does with a table: five folds of a model of scikit-learn's, then
`find_label_issues` as it is; and Python's `clean` as it comes, where it is installed."""

import numpy as np
from cleanlab.filter import find_label_issues
from cleanlab.rank import get_label_quality_scores
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

try:
    from clean.detection.label_errors import LabelErrorDetector
except ImportError:
    LabelErrorDetector = None


def kinds(features):
    numbers = [name for name in features if features[name].dtype.kind in "iufb"]
    words = [name for name in features if name not in numbers]
    texts = [name for name in words if features[name].nunique() > 0.5 * len(features)]
    return numbers, [name for name in words if name not in texts], texts


def logistic(features):
    numbers, categories, texts = kinds(features)
    scaled = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    steps = [
        ("numbers", scaled, numbers),
        ("categories", OneHotEncoder(handle_unknown="ignore"), categories),
        *((name, TfidfVectorizer(), name) for name in texts),
    ]
    return make_pipeline(ColumnTransformer(steps), LogisticRegression(max_iter=1_000))


def boosting(features):
    """None if there is text, which it cannot learn from."""
    numbers, categories, texts = kinds(features)
    if texts:
        return None
    codes = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
    steps = [("numbers", "passthrough", numbers), ("categories", codes, categories)]
    return make_pipeline(ColumnTransformer(steps), HistGradientBoostingClassifier(random_state=0))


def numbered(labels):
    """Classes as whole numbers from 0, the only labels that both programs take."""
    return np.unique(np.asarray(labels).astype(str), return_inverse=True)[1]


def clean(features, labels):
    """As `cleanlab`, by the detector that `DatasetCleaner.analyze()` makes: logistic regression on the
    columns of numbers as they are, missing ones being 0. Without such columns it raises ValueError."""
    codes = numbered(labels)
    detector = LabelErrorDetector()
    flagged = np.zeros(len(codes), bool)
    flagged[[issue.index for issue in detector.fit_detect(features, codes).issues]] = True
    return flagged, 1 - detector.get_label_quality_scores(codes)


def cleanlab(model, features, labels):
    """The rows that cleanlab takes for wrong, and for each row a score that is higher the worse it is."""
    codes = numbered(labels)
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    probabilities = cross_val_predict(model, features, codes, cv=folds, method="predict_proba")
    flagged = find_label_issues(codes, probabilities)
    return flagged, 1 - get_label_quality_scores(codes, probabilities)
