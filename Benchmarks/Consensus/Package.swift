// swift-tools-version:6.2
import PackageDescription

// A package of its own, like the others here, so that the main build does not build benchmarks. It
// shares the consensus library's sources, and builds nothing else of the main package.
let package = Package(
  name: "consensus-benchmark",
  dependencies: [
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
  ],
  targets: [
    .target(name: "AllocationCounter"),
    .target(name: "CRC32C", path: "Links/CRC32C"),
    .target(name: "Measuring", path: "Links/Measuring"),
    .target(
      name: "Raft",
      dependencies: [
        "CRC32C",
        .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      path: "Links/Raft",
      exclude: ["raft.proto"]),
    .executableTarget(
      name: "ConsensusBenchmark", dependencies: ["AllocationCounter", "Measuring", "Raft"]),
  ],
  swiftLanguageModes: [.v6]
)
