extension TextQualityDetails {
  /// What the properties mean.
  public static let meanings: [String: String] = [
    "columns": "The columns of texts, in table order.",
    "columns.column": "The column.",
    "columns.role": "What it was taken for, by its name.",
    "columns.texts": "Rows with a text.",
    "columns.median_characters": "The median length in characters.",
    "columns.usual_least": "The usual lengths begin here; absent with few texts.",
    "columns.usual_most": "The usual lengths end here; absent with few texts.",
    "columns.language":
      "The language of most texts whose language can be told; absent with few such texts.",
    "columns.language_share": "Their share.",
    "columns.script": "The writing of most texts; absent with few texts.",
    "columns.closed_share":
      "Share of texts of six words or more that end in punctuation; absent with few texts.",
    "columns.flaws": "The flaws that rows of the column have.",
    "columns.flaws.flaw": "The flaw.",
    "columns.flaws.rows": "The rows that have it.",
    "searched_columns": "Columns that were searched for personal data alone.",
    "personal_columns":
      "Columns of nothing but personal data: their rows are not flagged one by one.",
    "personal_columns.column": "The column.",
    "personal_columns.flaw": "What it holds.",
    "personal_columns.rows": "Rows with it.",
    "pairs": "Columns of prompts and of responses to them.",
    "pairs.prompt": "The column of prompts.",
    "pairs.response": "The column of responses.",
    "pairs.rows": "Rows with both.",
    "pairs.prompts_with_several_responses":
      "Prompts that stand in several rows with different responses.",
    "pairs.rows_of_them": "The rows of such prompts.",
    "flaws": "Rows by flaw, over all columns.",
    "flaws.flaw": "The flaw.",
    "flaws.rows": "The rows that have it.",
  ]
}
