import Foundation

extension HTMLText {
  /// The quality score as a part of a circle, coloured by how good it is.
  mutating func scoreDial(_ score: Double?) {
    let label =
      score.map { "Quality score \($0.shown(1)) of 100" } ?? "No quality score: no detector ran"
    open("svg", ["class": "dial", "viewBox": "0 0 120 120", "role": "img", "aria-label": label])
    markup("<circle class=\"dial-track\" cx=\"60\" cy=\"60\" r=\"50\"/>")
    if let score, score > 0 {
      let circumference = 2 * Double.pi * 50
      let length = min(1, score / 100) * circumference
      open(
        "circle",
        [
          "class": "dial-\(QualityGrade(score).rawValue)", "cx": "60", "cy": "60", "r": "50",
          "stroke-dasharray":
            "\(Chart.coordinate(length)) \(Chart.coordinate(circumference - length))",
          "transform": "rotate(-90 60 60)",
        ])
      markup("</circle>")
    }
    element("text", ["class": "dial-number", "x": "60", "y": "66"], score?.shown(1) ?? "–")
    markup("<text class=\"dial-unit\" x=\"60\" y=\"84\">of 100</text></svg>")
  }
}

/// A word for a score.
enum QualityGrade: String {
  case good, fair, poor

  init(_ score: Double) {
    switch score {
    case 90...: self = .good
    case 70..<90: self = .fair
    default: self = .poor
    }
  }
}
