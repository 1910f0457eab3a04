/// Columns aligned by spaces.
struct Table {
  struct Column {
    var title: String
    var isNumeric = false

    static func text(_ title: String) -> Column { Column(title: title) }
    static func number(_ title: String) -> Column { Column(title: title, isNumeric: true) }
  }

  struct Cell: ExpressibleByStringLiteral {
    var text: String
    var color: Style.Color?

    init(_ text: String, _ color: Style.Color? = nil) {
      self.text = text
      self.color = color
    }

    init(stringLiteral text: String) {
      self.init(text)
    }
  }

  var columns: [Column]
  /// Each row has a cell for each column.
  var rows: [[Cell]]

  func rendered(style: Style) -> String {
    let header = columns.map { Cell($0.title, .bold) }
    let lines = [header] + rows
    let widths = columns.indices.map { column in
      lines.map { $0[column].text.count }.max() ?? 0
    }
    return lines.map { line(of: $0, widths: widths, style: style) }.joined(separator: "\n")
  }

  private func line(of cells: [Cell], widths: [Int], style: Style) -> String {
    var line = zip(cells, zip(columns, widths)).map { cell, column in
      let text = style.paint(cell.text, cell.color)
      let padding = String(repeating: " ", count: column.1 - cell.text.count)
      return column.0.isNumeric ? padding + text : text + padding
    }.joined(separator: "  ")
    while line.last == " " { line.removeLast() }
    return line
  }
}

/// Names and values, one pair a line.
func renderedPairs(_ pairs: [(name: String, value: String)], style: Style) -> String {
  let width = pairs.map(\.name.count).max() ?? 0
  return pairs.map { pair in
    let padding = String(repeating: " ", count: width - pair.name.count + 2)
    return style.paint(pair.name, .dim) + padding + pair.value
  }.joined(separator: "\n")
}
