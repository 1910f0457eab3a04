import ArgumentParser

/// Writes a dataset that is the same each time.
struct MakeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "make", abstract: "Writes a dataset to the standard output.")

  enum Kind: String, ExpressibleByArgument, CaseIterable {
    /// Normal numbers around the centres of five classes, and the class.
    case numbers
    /// Half numbers, the rest categories, dates, booleans and gaps, and a class of two.
    case mixed
    /// A number of the row and a sentence of a few words; one in twenty nearly repeats another.
    case texts
    /// People who were hired or not over two years: a split, a model's predictions, and columns that
    /// drift.
    case people
    /// Numbers, and a number that follows from them; one in twenty is wrong.
    case prices
  }

  @Argument(help: "numbers, mixed, texts, people or prices.")
  var kind: Kind
  @Argument(help: "How many rows.")
  var rows: Int
  @Argument(help: "How many columns beside the label.")
  var columns = 20
  @Option(help: "csv, ndjson or json.")
  var format = Output.Format.csv

  func run() throws {
    var maker = DatasetMaker(rows: rows, columns: columns, output: Output(format))
    switch kind {
    case .numbers: maker.writeNumbers()
    case .mixed: maker.writeMixed()
    case .texts: maker.writeTexts()
    case .people: maker.writePeople()
    case .prices: maker.writePrices()
    }
    maker.output.end()
  }
}
