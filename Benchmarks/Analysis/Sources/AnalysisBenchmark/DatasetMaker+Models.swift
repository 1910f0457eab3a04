import Foundation

extension DatasetMaker {
  /// A twelfth is hired, women less often than men of the same points; income and region drift, and
  /// one row in a hundred of the test part repeats one of the training part.
  mutating func writePeople() {
    let named = [
      "day", "part", "gender", "age", "region", "income", "points", "years", "channel", "predicted",
    ]
    let fillers = max(0, columns - named.count)
    output.header(named + (0..<fillers).map { "x\($0)" } + ["hired"])
    var training: [[String]] = []
    for row in 0..<rows {
      let isTest = draw.happens(0.2)
      if isTest, !training.isEmpty, draw.happens(0.01) {
        var copy = training[draw.below(training.count)]
        copy[1] = "test"
        output.row(copy)
        continue
      }
      let time = Double(row) / Double(rows)
      let day = Int(time * 24 * 28)
      let isWoman = draw.happens(0.45)
      let points = draw.normal()
      let isHired = draw.happens(1 / (1 + exp(3.1 + (isWoman ? 0.8 : 0) - points)))
      let isPredictedRight = draw.happens(0.9)
      var values = [
        "\(2024 + day / 336)-\(two(1 + day / 28 % 12))-\(two(1 + day % 28))",
        isTest ? "test" : "train", isWoman ? "female" : "male",
        "\(18 + Int(50 * draw.uniform() * draw.uniform()))",
        "region \(draw.below(time < 0.5 ? 6 : 8))",
        "\(Int(exp(10 + 0.4 * draw.normal() + 0.3 * time)))",
        "\((50 + 10 * points).hundredths)", "\(draw.below(30))",
        draw.happens(0.03) ? "" : ["web", "agency", "friend"][draw.below(3)],
        isHired == isPredictedRight ? "yes" : "no",
      ]
      for _ in 0..<fillers { values.append("\((draw.normal() + 0.1 * points).hundredths)") }
      values.append(isHired ? "yes" : "no")
      if !isTest {
        if training.count < 1_000 {
          training.append(values)
        } else {
          training[draw.below(training.count)] = values
        }
      }
      output.row(values)
    }
  }

  /// The price follows from the first columns, one of them by its square, with a noise of a tenth of
  /// its deviation; a wrong one is three to six deviations off.
  mutating func writePrices() {
    output.header((0..<columns).map { "x\($0)" } + ["price"])
    let weights = (0..<columns).map { _ in draw.normal() }
    for _ in 0..<rows {
      let values = (0..<columns).map { _ in draw.normal() }
      let parts = zip(values, weights).prefix(8).enumerated().map { place, pair in
        pair.1 * (place == 0 ? pair.0 * pair.0 : pair.0)
      }
      var price = 100 + 10 * parts.reduce(0, +) + 3 * draw.normal()
      if draw.happens(0.05) {
        price += (draw.below(2) == 0 ? -30 : 30) * (3 + 3 * draw.uniform())
      }
      output.row(values.map { "\($0)" } + ["\(price.hundredths)"])
    }
  }
}
