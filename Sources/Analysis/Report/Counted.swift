/// A number with what it counts, for a sentence: `counted(1, "row repeats", "rows repeat")`.
func counted(_ count: Int, _ one: String, _ many: String) -> String {
  count == 1 ? "1 \(one)" : "\(count) \(many)"
}
