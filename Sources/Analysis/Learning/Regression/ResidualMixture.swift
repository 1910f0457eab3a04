import Foundation

/// How probable it is, for each standardised residual, that the number behind it is wrong.
///
/// Sound residuals follow Student's t with a scale of its own on each side (as heavy-tailed and as
/// skewed as they are: Lange, Little and Taylor 1989; Fernández and Steel 1998); wrong ones are spread
/// much wider (the contaminated distribution of Tukey 1960).
///
/// Whether a tail is heavy or has errors in it is not decided: all tails, shares of errors and spreads
/// of a grid are fitted, and their judgements averaged as probable as each is given the residuals
/// (Hoeting et al. 1999), so that a small change of the data never turns all of it around. Light tails
/// are a little more probable beforehand, by the tail index (Hill 1975), few errors more than many, and
/// that there are errors at all as much as that there are none. Noise with tails as heavy as its tails
/// are explains itself better than by errors.
struct ResidualMixture: Sendable {
  /// Degrees of freedom of sound residuals; infinity is the normal distribution.
  static let freedoms = [1, 1.5, 2, 3, 4, 6, 10, 30, Double.infinity]
  /// Shares of errors, where there are any.
  static let shares = [0.005, 0.01, 0.02, 0.035, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3]
  /// How wrong residuals may be distributed: so many times as wide as sound ones, with the degrees of
  /// freedom given.
  private static let wrongShapes: [(spread: Double, freedom: Double)] = [
    (4, .infinity), (6, .infinity), (10, 1),
  ]
  /// One over the degrees of freedom, which is the index of the tail, is exponentially distributed
  /// beforehand; its mean.
  private static let meanTailIndex = 0.1
  /// The share of errors has the distribution Beta(1, 19) beforehand, where there are any.
  private static let meanShare = 0.05
  /// That there are errors.
  private static let errorsBeforehand = 0.5
  /// Judgements that are less probable than this do not count.
  private static let negligible = 1e-4
  /// Residuals within so much of each other on the scale of the inverse hyperbolic sine, which is that
  /// of their deviation in the middle and of its logarithm far out, are fitted as one.
  private static let resolution = 0.02
  private static let steps = 100

  /// A distribution of sound and wrong residuals.
  private struct Component {
    var freedom: Double
    /// 0 for none wrong.
    var share: Double
    var spread: Double
    var spreadFreedom: Double
    /// The scale of sound residuals below and above 0.
    var scales: (lower: Double, upper: Double)
    /// Probability given the residuals.
    var probability = 0.0
  }

  /// Residuals that are nearly the same: their mean, and how many there are.
  private struct Bin {
    var residual: Double
    var count: Double
  }

  private let components: [Component]
  /// The logarithm of the residuals' probability density, over all that the grid holds.
  let evidence: Double
  /// The probability that any number is wrong.
  let errorProbability: Double
  /// The expected share of wrong ones.
  let wrongShare: Double
  /// The most probable degrees of freedom of sound residuals.
  let freedom: Double

  /// - Parameters:
  ///   - residuals: not all 0.
  ///   - leastScale: of sound ones.
  init(_ residuals: [Double], leastScale: Double = 0) {
    let sizes = residuals.map(abs).sorted()
    let scale = max(
      sizes[sizes.count / 2] / 0.6745, sizes[sizes.count - 1] * 1e-9, leastScale)
    let least = max(scale * 1e-6, leastScale)
    let bins = Self.bins(residuals, scale: scale)
    let tails = Self.beforehand(Self.freedoms.map { $0.isFinite ? 1 / $0 : 0 }) {
      exp(-$0 / Self.meanTailIndex)
    }
    let shares = Self.beforehand(Self.shares) { pow(1 - $0, 1 / Self.meanShare - 2) }
    var fitted: [(component: Component, logarithm: Double)] = []
    for (freedom, tail) in zip(Self.freedoms, tails) {
      var sound = Component(
        freedom: freedom, share: 0, spread: 1, spreadFreedom: 1, scales: (scale, scale))
      let likelihood = Self.fit(&sound, to: bins, least: least)
      fitted.append((sound, likelihood + log(tail * (1 - Self.errorsBeforehand))))
      for shape in Self.wrongShapes {
        var both = sound
        (both.spread, both.spreadFreedom) = shape
        for (share, weight) in zip(Self.shares, shares) {
          both.share = share
          let likelihood = Self.fit(&both, to: bins, least: least)
          let beforehand =
            tail * Self.errorsBeforehand * weight / Double(Self.wrongShapes.count)
          fitted.append((both, likelihood + log(beforehand)))
        }
      }
    }
    let best = fitted.map(\.logarithm).max() ?? 0
    let total = fitted.reduce(0) { $0 + exp($1.logarithm - best) }
    evidence = best + log(total)
    let all = fitted.map { item in
      var component = item.component
      component.probability = exp(item.logarithm - best) / total
      return component
    }
    components = all.filter { $0.share > 0 && $0.probability >= Self.negligible }
    errorProbability = all.reduce(0) { $0 + ($1.share > 0 ? $1.probability : 0) }
    wrongShare = all.reduce(0) { $0 + $1.share * $1.probability }
    let byFreedom = Self.freedoms.map { freedom in
      all.reduce(0) { $0 + ($1.freedom == freedom ? $1.probability : 0) }
    }
    freedom = Self.freedoms[byFreedom[...].indexOfLargest]
  }

  /// For each residual the probability that its number is wrong; never less for one that is farther
  /// off on its side.
  func wrongness(of residuals: [Double]) -> [Double] {
    let judges = components.map { (terms: Terms($0), probability: $0.probability) }
    var result = residuals.map { residual in
      judges.reduce(0) { sum, judge in
        let odds = exp(judge.terms.sound(residual) - judge.terms.wrong(residual))
        return sum + judge.probability / (1 + odds)
      }
    }
    // Beyond what any error is likely to be, tails of sound ones can outdo the wrong ones' again.
    for isUpper in [false, true] {
      var most = 0.0
      for row in residuals.indices.filter({ (residuals[$0] > 0) == isUpper })
        .sorted(by: { (abs(residuals[$0]), $0) < (abs(residuals[$1]), $1) })
      {
        most = max(most, result[row])
        result[row] = most
      }
    }
    return result
  }

  /// The density of a component with what does not depend on the residual made once.
  private struct Terms {
    let component: Component
    let soundConstant: Double
    let wrongConstant: Double
    let wide: Double

    init(_ component: Component) {
      self.component = component
      let middle = (component.scales.lower + component.scales.upper) / 2
      wide = component.spread * middle
      soundConstant =
        log((1 - component.share) / middle) + Self.logDensityAtZero(component.freedom)
      wrongConstant =
        log(component.share / wide) + Self.logDensityAtZero(component.spreadFreedom)
    }

    /// A residual in units of the sound ones' scale on its side.
    func scaled(_ residual: Double) -> Double {
      residual / (residual > 0 ? component.scales.upper : component.scales.lower)
    }

    func sound(_ residual: Double) -> Double {
      soundConstant + Self.kernel(scaled(residual), component.freedom)
    }

    func wrong(_ residual: Double) -> Double {
      wrongConstant + Self.kernel(residual / wide, component.spreadFreedom)
    }

    private static func kernel(_ z: Double, _ freedom: Double) -> Double {
      freedom.isFinite ? -(freedom + 1) / 2 * log1p(z * z / freedom) : -0.5 * z * z
    }

    private static func logDensityAtZero(_ freedom: Double) -> Double {
      guard freedom.isFinite else { return -0.5 * log(2 * .pi) }
      return lgamma((freedom + 1) / 2) - lgamma(freedom / 2) - 0.5 * log(freedom * .pi)
    }
  }

  /// Fits scales by expectation and maximisation, from those that a component has.
  ///
  /// - Returns: the logarithm of the likelihood.
  private static func fit(_ component: inout Component, to bins: [Bin], least: Double) -> Double {
    var best = component
    var bestLikelihood = -Double.infinity
    for _ in 0..<steps {
      let terms = Terms(component)
      var likelihood = 0.0
      var sound = 0.0
      var squares = (lower: 0.0, upper: 0.0)
      for bin in bins {
        let own = terms.sound(bin.residual)
        var both = own
        if component.share > 0 {
          let wrong = terms.wrong(bin.residual)
          both = max(own, wrong) + log1p(exp(-abs(own - wrong)))
        }
        likelihood += bin.count * both
        let right = bin.count * exp(own - both)
        sound += right
        let z = terms.scaled(bin.residual)
        let weight =
          component.freedom.isFinite
          ? (component.freedom + 1) / (component.freedom + z * z) : 1
        let square = right * weight * bin.residual * bin.residual
        if bin.residual > 0 { squares.upper += square } else { squares.lower += square }
      }
      guard likelihood > bestLikelihood + 0.01 else { break }
      (best, bestLikelihood) = (component, likelihood)
      let roots = (lower: cbrt(squares.lower), upper: cbrt(squares.upper))
      let common = ((roots.lower + roots.upper) / max(sound, 1)).squareRoot()
      component.scales = (max(least, roots.lower * common), max(least, roots.upper * common))
    }
    component = best
    return bestLikelihood
  }

  private static func bins(_ residuals: [Double], scale: Double) -> [Bin] {
    var bins: [Bin] = []
    var last = -Double.infinity
    var sum = 0.0
    for residual in residuals.sorted() {
      let place = (asinh(residual / scale) / resolution).rounded(.down)
      if place == last {
        bins[bins.count - 1].count += 1
        sum += residual
      } else {
        bins.append(Bin(residual: residual, count: 1))
        (last, sum) = (place, residual)
      }
      bins[bins.count - 1].residual = sum / bins[bins.count - 1].count
    }
    return bins
  }

  /// The part that each value of a grid has of a distribution: its density times half the way between
  /// its neighbours; together 1.
  private static func beforehand(_ grid: [Double], density: (Double) -> Double) -> [Double] {
    let parts = grid.indices.map { index in
      let before = index > 0 ? grid[index - 1] : grid[index]
      let after = index + 1 < grid.count ? grid[index + 1] : grid[index]
      return density(grid[index]) * abs(after - before) / 2
    }
    let total = parts.reduce(0, +)
    return parts.map { $0 / total }
  }
}
