/// Text with what a dataset says in it, as it may be shown: it must neither steer the terminal nor fill it.
func harmless(_ text: String, atMost longest: Int = 400) -> String {
  let shown = String(
    String.UnicodeScalarView(
      text.unicodeScalars.prefix(longest).map { scalar in
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: "\u{FFFD}"
        default: scalar
        }
      }))
  return text.unicodeScalars.count > longest ? shown + "…" : shown
}
