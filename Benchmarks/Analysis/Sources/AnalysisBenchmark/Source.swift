import Analysis
import ArgumentParser
import Foundation

/// The file to analyse and what to look for.
struct Source: ParsableArguments {
  @Argument(help: "A file that ends in .csv, .tsv, .ndjson or .json.")
  var file: String
  @Option(help: "The label column.")
  var label: String?
  @Option(help: "classification or regression.")
  var task: String?
  @Option(help: "Some detectors, separated by commas; else all.")
  var detectors: String?
  @Option(help: "A detector's parameter, as DETECTOR.PARAMETER=VALUE.")
  var set: [String] = []
  @Option(help: "The beginning of the names of columns of probabilities.")
  var predProbsPrefix: String?
  @Option(help: "The column of a split.")
  var splitColumn: String?
  @Option(help: "The column of times along which the data may drift.")
  var timeColumn: String?
  @Option(help: "The column of a model's predictions.")
  var predictionColumn: String?
  @Option(help: "The seed of all random choices.")
  var seed: UInt64 = AnalysisOptions.defaultSeed

  /// - Throws: ``ValidationError`` for what does not exist.
  func options() throws -> AnalysisOptions {
    var options = AnalysisOptions(
      labelColumn: label, taskType: try task.map { try word($0, as: TaskType.self) },
      probabilityPrefix: predProbsPrefix, predictionColumn: predictionColumn,
      timeColumn: timeColumn, splitColumn: splitColumn, seed: seed, maxFlaggedRows: .max)
    if let detectors {
      options.detectors = Set(
        try detectors.split(separator: ",").map { try word(String($0), as: DetectorKind.self) })
    }
    for setting in set {
      let parts = setting.split(separator: "=", maxSplits: 1)
      let name = (parts.first ?? "").split(separator: ".", maxSplits: 1)
      guard parts.count == 2, name.count == 2 else {
        throw ValidationError("\(setting) is not DETECTOR.PARAMETER=VALUE")
      }
      let kind = try word(String(name[0]), as: DetectorKind.self)
      options.parameters[kind, default: [:]][String(name[1])] =
        Double(parts[1]).map { .number($0) } ?? .text(String(parts[1]))
    }
    return options
  }

  func read() throws -> Table {
    let format: DatasetFormat =
      switch URL(fileURLWithPath: file).pathExtension {
      case "ndjson", "jsonl": .ndjson
      case "json": .json
      default: .csv
      }
    let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: file))
    // Not of a pipe.
    let size = try? handle.seekToEnd()
    if size != nil { try handle.seek(toOffset: 0) }
    var reader = DatasetReader(
      format: format, limits: DatasetLimits(maxBytes: .max), expectedBytes: size.map(Int.init))
    while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty {
      try piece.withUnsafeBytes { try reader.append($0) }
    }
    return try reader.finish()
  }

  private func word<Word: RawRepresentable & CaseIterable>(
    _ text: String, as type: Word.Type
  ) throws -> Word where Word.RawValue == String {
    guard let word = Word(rawValue: text) else {
      throw ValidationError("\(text) is none of \(Word.allCases.map(\.rawValue))")
    }
    return word
  }
}
