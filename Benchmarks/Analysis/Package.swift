// swift-tools-version:6.2
import PackageDescription

// A package of its own, like the others here, so that the main build does not build benchmarks. It
// shares the engine's sources, and builds nothing else of the main package.
let package = Package(
  name: "analysis-benchmark",
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ],
  targets: [
    .systemLibrary(name: "CXGBoost", path: "Links/Libraries/CXGBoost", pkgConfig: "xgboost"),
    .target(name: "VectorLoops", path: "Links/VectorLoops"),
    .target(name: "Analysis", dependencies: ["CXGBoost", "VectorLoops"], path: "Links/Analysis"),
    .target(name: "Measuring", path: "Links/Measuring"),
    .executableTarget(
      name: "AnalysisBenchmark",
      dependencies: [
        "Analysis", "Measuring",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
  ],
  swiftLanguageModes: [.v6]
)
