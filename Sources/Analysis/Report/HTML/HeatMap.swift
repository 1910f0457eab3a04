/// A matrix of shares, as a chart: rows are given labels, columns true ones.
struct HeatMap {
  /// More classes than this cannot be told apart on a page.
  static let classLimit = 24
  /// Numbers in the cells are legible up to so many.
  static let numberedLimit = 10

  var names: [String]
  /// From 0 to 1, by row and column.
  var shares: [[Double]]
  var label: String
}

extension HTMLText {
  mutating func heatMap(_ map: HeatMap) {
    let count = min(map.names.count, HeatMap.classLimit)
    let cell = count <= 6 ? 64.0 : (count <= 12 ? 44.0 : 24.0)
    let (left, top) = (130.0, 40.0)
    let width = left + Double(count) * cell + 4
    let height = top + Double(count) * cell + 4
    func at(_ value: Double) -> String { Chart.coordinate(value) }
    open(
      "svg",
      [
        "class": "heat", "viewBox": "0 0 \(at(width)) \(at(height))", "width": at(width),
        "role": "img", "aria-label": map.label,
      ])
    markup("<text class=\"axis\" x=\"4\" y=\"14\">given ↓  true →</text>")
    for index in 0..<count {
      let middle = (Double(index) + 0.5) * cell
      element(
        "text", ["class": "axis end", "x": at(left - 6), "y": at(top + middle + 4)],
        map.names[index].shortened(to: 18))
      element(
        "text", ["class": "axis middle", "x": at(left + middle), "y": at(top - 8)],
        map.names[index].shortened(to: Int(cell / 7)))
    }
    for row in 0..<count {
      for column in 0..<count {
        let share = map.shares[row][column]
        let (x, y) = (left + Double(column) * cell, top + Double(row) * cell)
        open(
          "rect",
          [
            "class": row == column ? "same" : "confused", "x": at(x + 1), "y": at(y + 1),
            "width": at(cell - 2), "height": at(cell - 2),
            // The square root, so that a few percent of noise are seen.
            "fill-opacity": at(max(0.04, share.squareRoot())),
          ])
        element(
          "title",
          "given \(map.names[row].prefix(60)), true \(map.names[column].prefix(60)): "
            + share.percent)
        close("rect")
        guard count <= HeatMap.numberedLimit else { continue }
        element(
          "text",
          [
            "class": share > 0.4 ? "cell strong" : "cell", "x": at(x + cell / 2),
            "y": at(y + cell / 2 + 4),
          ], (share * 100).shown(1))
      }
    }
    close("svg")
  }
}
