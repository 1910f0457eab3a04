/// Charts are inline SVG. Colours come from the page's style, so that they follow light and dark.
enum Chart {
  /// A coordinate in a chart.
  static func coordinate(_ value: Double) -> String { value.shown(2) }
}

extension String {
  /// The string, with a mark where it ends before its end.
  func shortened(to length: Int) -> String {
    count <= length ? self : prefix(max(1, length - 1)) + "…"
  }
}

extension HTMLText {
  /// A bar of a share of its width, beside a number that says the same.
  mutating func bar(_ share: Double, _ style: String = "fill") {
    let width = max(0, min(100, share * 100))
    open(
      "svg",
      [
        "class": "bar", "viewBox": "0 0 100 8", "preserveAspectRatio": "none",
        "aria-hidden": "true",
      ])
    markup("<rect class=\"track\" width=\"100\" height=\"8\"/>")
    open("rect", ["class": style, "width": Chart.coordinate(width), "height": "8"])
    markup("</rect></svg>")
  }

  /// Names, each with a bar and what it stands for.
  mutating func bars(
    caption: String, name: String, measure: String,
    _ rows: [(name: String, share: Double, shown: String, style: String)]
  ) {
    table(caption: caption, columns: [.text(name), .bar, .number(measure)])
    for row in rows {
      markup("<tr><th scope=\"row\">")
      value(row.name, limit: 60)
      markup("</th><td>")
      bar(row.share, row.style)
      markup("</td><td class=\"number\">")
      text(row.shown)
      markup("</td></tr>")
    }
    endTable()
  }
}
