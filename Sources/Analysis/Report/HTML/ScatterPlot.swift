extension HTMLText {
  /// Flagged rows by row and score.
  ///
  /// - Parameter rows: How many rows the dataset has.
  mutating func scatter(_ flagged: [FlaggedRow], rows: Int, label: String) {
    let (left, top, width, height) = (44.0, 24.0, 600.0, 180.0)
    func at(_ value: Double) -> String { Chart.coordinate(value) }
    open("svg", ["class": "plot", "viewBox": "0 0 660 244", "role": "img", "aria-label": label])
    for score in [0, 0.5, 1.0] {
      let y = top + (1 - score) * height
      open(
        "line",
        ["class": "grid", "x1": at(left), "x2": at(left + width), "y1": at(y), "y2": at(y)])
      close("line")
      element("text", ["class": "axis end", "x": at(left - 6), "y": at(y + 4)], score.shown(1))
    }
    let last = max(1, rows - 1)
    for row in [0, last / 2, last] {
      let x = left + Double(row) / Double(last) * width
      element(
        "text",
        ["class": "axis middle", "x": at(x), "y": at(top + height + 18)], "\(row)")
    }
    element(
      "text", ["class": "axis middle", "x": at(left + width / 2), "y": at(top + height + 36)],
      "row")
    markup("<text class=\"axis\" x=\"2\" y=\"10\">score</text>")
    for row in flagged {
      open(
        "circle",
        [
          "class": "dot", "cx": at(left + Double(row.row) / Double(last) * width),
          "cy": at(top + (1 - max(0, min(1, row.score))) * height), "r": "3.5",
        ])
      element("title", "row \(row.row), score \(row.score.shown(3))")
      close("circle")
    }
    close("svg")
  }
}
