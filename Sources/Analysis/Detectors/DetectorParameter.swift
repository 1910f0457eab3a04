/// Something that can be set for a detector.
public struct DetectorParameter: Sendable, Equatable {
  /// Its name in requests and reports.
  public let name: String
  /// What holds if nothing is set.
  public let defaultValue: ParameterValue
  /// What may be set.
  public let allowed: Allowed
  /// What it does, in a sentence.
  public let meaning: String

  /// The values that a parameter may have.
  public enum Allowed: Sendable, Equatable {
    /// Numbers within a range.
    case numbers(ClosedRange<Double>)
    /// Whole numbers within a range.
    case wholeNumbers(ClosedRange<Int>)
    /// One of some words.
    case words([String])
    /// Any text of at most so many bytes.
    case text(maximumBytes: Int)
  }

  static func number(
    _ name: String, _ value: Double, in range: ClosedRange<Double>, _ meaning: String
  ) -> DetectorParameter {
    DetectorParameter(
      name: name, defaultValue: .number(value), allowed: .numbers(range), meaning: meaning)
  }

  static func count(
    _ name: String, _ value: Int, in range: ClosedRange<Int>, _ meaning: String
  ) -> DetectorParameter {
    DetectorParameter(
      name: name, defaultValue: .number(Double(value)), allowed: .wholeNumbers(range),
      meaning: meaning)
  }

  static func choice(
    _ name: String, _ value: String, of words: [String], _ meaning: String
  ) -> DetectorParameter {
    DetectorParameter(
      name: name, defaultValue: .text(value), allowed: .words(words), meaning: meaning)
  }

  static func text(
    _ name: String, _ value: String, maximumBytes: Int = 1_000, _ meaning: String
  ) -> DetectorParameter {
    DetectorParameter(
      name: name, defaultValue: .text(value), allowed: .text(maximumBytes: maximumBytes),
      meaning: meaning)
  }

  /// Whether its values are numbers rather than words.
  public var isNumber: Bool {
    switch allowed {
    case .numbers, .wholeNumbers: true
    case .words, .text: false
    }
  }

  /// Why a value cannot be set; nil if it can.
  public func objection(to value: ParameterValue) -> String? {
    switch (allowed, value) {
    case (.numbers(let range), .number(let number)):
      range.contains(number) ? nil : "must be from \(range.lowerBound) to \(range.upperBound)"
    case (.wholeNumbers(let range), .number(let number)):
      Int(exactly: number).map(range.contains) == true
        ? nil : "must be a whole number from \(range.lowerBound) to \(range.upperBound)"
    case (.words(let words), .text(let word)):
      words.contains(word) ? nil : "must be one of \(words.joined(separator: ", "))"
    case (.numbers, .text), (.wholeNumbers, .text): "must be a number"
    case (.words(let words), .number): "must be one of \(words.joined(separator: ", "))"
    case (.text(let maximum), .text(let text)):
      text.utf8.count <= maximum ? nil : "must have at most \(maximum) bytes"
    case (.text, .number): "must be a text"
    }
  }
}

/// The values of a detector's parameters: those that were set, and defaults for the others.
struct ParameterValues: Sendable {
  private(set) var values: [String: ParameterValue] = [:]

  /// - Parameter overrides: checked by ``AnalysisOptions/validate()``.
  init(_ parameters: [DetectorParameter], overrides: [String: ParameterValue] = [:]) {
    for parameter in parameters {
      values[parameter.name] = overrides[parameter.name] ?? parameter.defaultValue
    }
  }

  /// A number that the detector declares.
  func number(_ name: String) -> Double {
    guard case .number(let value) = values[name] else {
      preconditionFailure("\(name) is no declared number")
    }
    return value
  }

  /// A whole number that the detector declares.
  func count(_ name: String) -> Int { Int(number(name)) }

  /// A word or text that the detector declares.
  func word(_ name: String) -> String {
    guard case .text(let value) = values[name] else {
      preconditionFailure("\(name) is no declared word")
    }
    return value
  }
}
