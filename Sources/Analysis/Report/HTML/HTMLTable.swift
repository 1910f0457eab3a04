/// A column of a table.
enum HTMLColumn {
  case text(String)
  case number(String)
  /// Says to the eye what the next column says in a number.
  case bar
  /// A bar and its number under one heading.
  case charted(String)
}

extension HTMLText {
  /// Begins a table that can be scrolled sideways where it does not fit.
  mutating func table(caption: String, columns: [HTMLColumn]) {
    open("div", ["class": "scroll", "tabindex": "0", "role": "region", "aria-label": caption])
    markup("<table>")
    element("caption", caption)
    markup("<thead><tr>")
    for column in columns {
      switch column {
      case .text(let title): element("th", ["scope": "col"], title)
      case .number(let title): element("th", ["scope": "col", "class": "number"], title)
      case .bar: markup("<td class=\"bars\"></td>")
      case .charted(let title):
        element("th", ["scope": "col", "colspan": "2", "class": "charted"], title)
      }
    }
    markup("</tr></thead><tbody>")
  }

  mutating func endTable() { markup("</tbody></table></div>") }

  /// A cell with a number or a word of the report's own.
  mutating func numberCell(_ text: String) { element("td", ["class": "number"], text) }

  /// A cell with a sentence, which has room where the table is wide.
  mutating func sentenceCell(_ text: String, limit: Int) {
    markup("<td class=\"reason\">")
    value(text, limit: limit)
    markup("</td>")
  }

  /// A cell with a value of the dataset.
  mutating func valueCell(_ text: String, limit: Int = Self.valueLimit) {
    markup("<td>")
    value(text, limit: limit)
    markup("</td>")
  }
}
