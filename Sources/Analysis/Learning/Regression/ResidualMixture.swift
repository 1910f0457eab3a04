import Foundation

/// How probable it is, for each standardised residual, that the number behind it is wrong.
///
/// Sound residuals follow Student's t with a scale of its own on each side (as heavy-tailed and as
/// skewed as they are: Lange, Little and Taylor 1989; Fernández and Steel 1998); wrong ones are spread
/// much wider (the contaminated distribution of Tukey 1960). Both are fitted together by expectation
/// and maximisation. That there are wrong ones at all is only believed if it explains the residuals
/// better than heavier tails do (by the criterion of Schwarz 1978), so that noise, however heavy its
/// tails, is not taken for errors.
struct ResidualMixture: Sendable {
  /// Degrees of freedom that are tried; infinity is the normal distribution.
  static let freedoms = [1, 1.5, 2, 3, 4, 6, 10, 30, Double.infinity]
  /// How wrong residuals may be distributed: so many times as wide as sound ones, with the degrees of
  /// freedom given. Less wide ones could not be told from tails that are not quite Student's.
  private static let wrongShapes = [(spread: 10.0, freedom: 1.0), (spread: 6, freedom: .infinity)]
  /// Of more residuals, so many in equal steps of their order are fitted.
  static let fittedLimit = 20_000
  private static let steps = 100

  /// The degrees of freedom of sound residuals.
  private(set) var freedom = Double.infinity
  /// Their scale below and above 0.
  private(set) var scales = (lower: 1.0, upper: 1.0)
  /// The share of wrong ones; 0 if there is no reason to believe in any.
  private(set) var wrongShare = 0.0
  /// By how much the logarithm of the likelihood, less its penalty, is above that without errors.
  private(set) var gain = 0.0
  private var spread = wrongShapes[0].spread
  private var spreadFreedom = wrongShapes[0].freedom

  /// - Parameter residuals: not all 0.
  init(_ residuals: [Double]) {
    var sample = residuals
    if residuals.count > Self.fittedLimit {
      let order = residuals.sorted()
      sample = (0..<Self.fittedLimit).map { order[$0 * order.count / Self.fittedLimit] }
    }
    // Two numbers more: the share, and how wide.
    let penalty = log(Double(sample.count))
    var best = -Double.infinity
    var sound = -Double.infinity
    func consider(_ fitted: (mixture: ResidualMixture, likelihood: Double), less penalty: Double) {
      let value = fitted.likelihood - penalty
      guard value > best else { return }
      best = value
      self = fitted.mixture
    }
    for freedom in Self.freedoms {
      let fitted = Self.fitted(sample, freedom: freedom, wrongShare: 0, spread: 1, 1)
      sound = max(sound, fitted.likelihood)
      consider(fitted, less: 0)
    }
    for shape in Self.wrongShapes {
      for freedom in Self.freedoms {
        consider(
          Self.fitted(
            sample, freedom: freedom, wrongShare: 0.05, spread: shape.spread, shape.freedom),
          less: penalty)
      }
    }
    gain = best - sound
  }

  private init(freedom: Double, scale: Double, wrongShare: Double, spread: Double, _ wide: Double) {
    self.freedom = freedom
    scales = (scale, scale)
    self.wrongShare = wrongShare
    self.spread = spread
    spreadFreedom = wide
  }

  /// The probability that a residual is of a wrong number, where a share of them is taken to be
  /// wrong.
  func wrongness(_ residual: Double, share: Double) -> Double {
    guard share > 0 else { return 0 }
    let wrong = log(share) + wide(residual)
    return 1 / (1 + exp(log(1 - share) + narrow(residual) - wrong))
  }

  /// A residual in units of the sound ones' scale on its side.
  func scaled(_ residual: Double) -> Double {
    residual / (residual > 0 ? scales.upper : scales.lower)
  }

  /// The logarithm of the density of sound residuals.
  private func narrow(_ residual: Double) -> Double {
    log(2 / (scales.lower + scales.upper)) + Self.logDensity(scaled(residual), freedom)
  }

  /// The logarithm of the density of wrong ones.
  private func wide(_ residual: Double) -> Double {
    let scale = spread * (scales.lower + scales.upper) / 2
    return Self.logDensity(residual / scale, spreadFreedom) - log(scale)
  }

  private static func logDensity(_ z: Double, _ freedom: Double) -> Double {
    guard freedom.isFinite else { return -0.5 * (z * z + log(2 * .pi)) }
    return lgamma((freedom + 1) / 2) - lgamma(freedom / 2) - 0.5 * log(freedom * .pi)
      - (freedom + 1) / 2 * log1p(z * z / freedom)
  }

  private static func fitted(
    _ residuals: [Double], freedom: Double, wrongShare: Double, spread: Double, _ wide: Double
  ) -> (mixture: ResidualMixture, likelihood: Double) {
    let sizes = residuals.map(abs).sorted()
    let scale = max(sizes[sizes.count / 2] / 0.6745, sizes[sizes.count - 1] * 1e-9)
    var mixture = ResidualMixture(
      freedom: freedom, scale: scale, wrongShare: wrongShare, spread: spread, wide)
    var best = (mixture: mixture, likelihood: -Double.infinity)
    for _ in 0..<steps {
      var likelihood = 0.0
      var wrong = 0.0
      var squares = (lower: 0.0, upper: 0.0)
      // Constants are made once a step: this is the inner loop of everything here.
      let soundTerm =
        log(1 - mixture.wrongShare) + log(2 / (mixture.scales.lower + mixture.scales.upper))
        + logDensity(0, freedom)
      let wideScale = spread * (mixture.scales.lower + mixture.scales.upper) / 2
      let wrongTerm = log(mixture.wrongShare) - log(wideScale) + logDensity(0, wide)
      for residual in residuals {
        let z = mixture.scaled(residual)
        let kernel =
          freedom.isFinite ? -(freedom + 1) / 2 * log1p(z * z / freedom) : -0.5 * z * z
        let sound = soundTerm + kernel
        var posterior = 0.0
        if mixture.wrongShare > 0 {
          let v = residual / wideScale
          let error =
            wrongTerm + (wide.isFinite ? -(wide + 1) / 2 * log1p(v * v / wide) : -0.5 * v * v)
          let (high, low) = sound > error ? (sound, error) : (error, sound)
          let both = high + log1p(exp(low - high))
          posterior = exp(error - both)
          likelihood += both
        } else {
          likelihood += sound
        }
        wrong += posterior
        let weight = freedom.isFinite ? (freedom + 1) / (freedom + z * z) : 1
        let square = (1 - posterior) * weight * residual * residual
        if residual > 0 { squares.upper += square } else { squares.lower += square }
      }
      guard likelihood > best.likelihood + 1e-4 else { break }
      best = (mixture, likelihood)
      let count = Double(residuals.count) - wrong
      let roots = (lower: cbrt(squares.lower), upper: cbrt(squares.upper))
      let least = scale * 1e-6
      mixture.scales = (
        lower: max(least, roots.lower * ((roots.lower + roots.upper) / count).squareRoot()),
        upper: max(least, roots.upper * ((roots.lower + roots.upper) / count).squareRoot())
      )
      if wrongShare > 0 {
        mixture.wrongShare = min(0.5, max(1e-9, wrong / Double(residuals.count)))
      }
    }
    return best
  }
}
