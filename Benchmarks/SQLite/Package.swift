// swift-tools-version:6.2
import PackageDescription

// A package of its own, so that the main build does not build GRDB for a comparison.
let package = Package(
  name: "sqlite-benchmark",
  dependencies: [
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
  ],
  targets: [
    .target(name: "Measuring"),
    // Shares the files of Sources/CloudState/SQLite that know nothing of the model, so that the
    // compiler sees them as it does there.
    .executableTarget(
      name: "SQLiteBenchmark",
      dependencies: [
        "CSQLite", "Measuring",
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    .executableTarget(
      name: "StateBenchmark", dependencies: ["CSQLite", "CloudState", "LargeState", "Measuring"]),
    .executableTarget(
      name: "SeedNodes", dependencies: ["CloudState", "LargeState", "Measuring", "Raft"]),
    .target(
      name: "LargeState",
      dependencies: [
        "CloudState", "Measuring",
        .product(name: "Crypto", package: "swift-crypto"),
      ]),
    .target(name: "CRC32C", path: "Links/CRC32C"),
    .target(
      name: "Raft",
      dependencies: [
        "CRC32C",
        .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      path: "Links/Raft",
      exclude: ["raft.proto"]),
    .target(
      name: "CloudState",
      dependencies: [
        "CSQLite", "CZstd",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ],
      path: "Links/CloudState",
      exclude: ["cloud_state.proto"]),
    .systemLibrary(name: "CSQLite", path: "Links/Libraries/CSQLite", pkgConfig: "sqlite3"),
    .systemLibrary(name: "CZstd", path: "Links/Libraries/CZstd", pkgConfig: "libzstd"),
  ],
  swiftLanguageModes: [.v6]
)
