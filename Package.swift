// swift-tools-version:6.2
import PackageDescription

// Rooms and arrows are described in docs/architecture.md. Raft, CloudState, Analysis and chaos
// stay free of SwiftNIO and HTTP, so `swift build --product chaos` takes about a minute.
let package = Package(
  name: "clean-cloud",
  products: [
    .library(name: "Raft", targets: ["Raft"]),
    .library(name: "CloudClient", targets: ["CloudClient"]),
    .executable(name: "clean-node", targets: ["clean-node"]),
    .executable(name: "clean-ctl", targets: ["clean-ctl"]),
    .executable(name: "chaos", targets: ["chaos"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
  ],
  targets: [
    // MARK: Consensus
    .target(name: "CRC32C"),
    .target(
      name: "Raft",
      dependencies: [
        "CRC32C",
        .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      exclude: ["raft.proto"]),

    .executableTarget(
      name: "replicated-sum", dependencies: ["Raft"], path: "Examples/ReplicatedSum"),

    // MARK: The replicated state machine
    .target(
      name: "CloudState",
      dependencies: [
        "CSQLite", "CZstd",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ],
      exclude: ["cloud_state.proto"]),

    // MARK: The data-quality engine
    // Numeric code: unoptimised, a hundredth as fast, its tests would take the better part of an hour.
    .target(
      name: "VectorLoops",
      cSettings: [.unsafeFlags(["-O2"], .when(configuration: .debug))]),
    .target(
      name: "Analysis", dependencies: ["CXGBoost", "VectorLoops"],
      swiftSettings: [.unsafeFlags(["-O"], .when(configuration: .debug))]),

    // MARK: The node
    .target(
      name: "NodeRuntime",
      dependencies: [
        "Raft",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      path: "Sources/Node/Runtime"),
    .target(
      name: "NodeTelemetry",
      dependencies: [
        .product(name: "CoreMetrics", package: "swift-metrics"),
        .product(name: "Logging", package: "swift-log"),
      ],
      path: "Sources/Node/Telemetry"),
    .target(
      name: "NodeGateway",
      dependencies: [
        "Analysis", "CCrypto", "CZlib", "CZstd", "CloudAPI", "CloudState", "NodeRuntime",
        "NodeTelemetry", "Raft",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "JWTKit", package: "jwt-kit"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "Metrics", package: "swift-metrics"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
        .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      path: "Sources/Node/Gateway"),
    .executableTarget(
      name: "clean-node",
      dependencies: [
        "CloudState", "NodeGateway", "NodeRuntime", "NodeTelemetry", "Raft",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "Yams", package: "Yams"),
      ],
      path: "Sources/Node/Serve"),

    // MARK: Clients
    .target(name: "CloudAPI"),
    .target(
      name: "CloudClient",
      dependencies: [
        "CloudAPI",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ]),
    .executableTarget(
      name: "clean-ctl",
      dependencies: [
        "CloudClient",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Sources/ctl"),
    .executableTarget(name: "wine-lab", dependencies: ["CloudClient"], path: "Examples/WineLab"),

    // MARK: Fault injection
    .target(name: "History", path: "chaos/History"),
    .target(name: "TenantLog", dependencies: ["CloudState", "Raft"], path: "chaos/TenantLog"),
    .target(
      name: "Simulator", dependencies: ["CSQLite", "CloudState", "History", "Raft"],
      path: "chaos/Simulator"),
    .executableTarget(
      name: "chaos",
      dependencies: [
        "CloudState", "History", "Raft", "Simulator", "TenantLog",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "chaos/Command"),

    // MARK: Tests
    .testTarget(name: "RaftTests", dependencies: ["Raft"], exclude: ["Scenarios"]),
    .testTarget(name: "CloudStateTests", dependencies: ["CloudState", "TenantLog"]),
    .testTarget(
      name: "AnalysisTests", dependencies: ["Analysis", "VectorLoops"], exclude: ["Fixtures"]),
    .testTarget(
      name: "NodeRuntimeTests", dependencies: ["NodeRuntime", "Raft"],
      path: "Tests/NodeTests/Runtime"
    ),
    .testTarget(
      name: "NodeTelemetryTests", dependencies: ["NodeTelemetry"], path: "Tests/NodeTests/Telemetry"
    ),
    .testTarget(
      name: "NodeGatewayTests",
      dependencies: [
        "Analysis", "CZlib", "CZstd", "CloudAPI", "CloudClient", "CloudState", "NodeGateway",
        "NodeRuntime", "NodeTelemetry", "Raft", "clean-node",
      ],
      path: "Tests/NodeTests/Gateway"),
    .testTarget(
      name: "CloudClientTests",
      dependencies: [
        "CloudAPI", "CloudClient", "clean-ctl",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ]),
    .testTarget(name: "HistoryTests", dependencies: ["History"]),
    .testTarget(name: "SimulatorTests", dependencies: ["History", "Simulator"]),
    .testTarget(
      name: "ChaosCommandTests",
      dependencies: [
        "CloudState", "History", "Simulator", "TenantLog", "chaos",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .testTarget(
      name: "ProcessTests",
      dependencies: ["Raft", "clean-ctl", "clean-node", "replicated-sum", "wine-lab"]),

    // MARK: System libraries
    .systemLibrary(
      name: "CCrypto", path: "Sources/Libraries/CCrypto", pkgConfig: "libcrypto",
      providers: [.apt(["libssl-dev"])]),
    .systemLibrary(
      name: "CSQLite", path: "Sources/Libraries/CSQLite", pkgConfig: "sqlite3",
      providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(
      name: "CXGBoost", path: "Sources/Libraries/CXGBoost", pkgConfig: "xgboost",
      providers: [.apt(["libxgboost-dev"])]),
    .systemLibrary(
      name: "CZlib", path: "Sources/Libraries/CZlib", pkgConfig: "zlib",
      providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(
      name: "CZstd", path: "Sources/Libraries/CZstd", pkgConfig: "libzstd",
      providers: [.apt(["libzstd-dev"])]),
  ],
  swiftLanguageModes: [.v6]
)

// Nothing is merged with a warning, so none is built with one.
for target in package.targets where target.type != .system {
  target.swiftSettings = (target.swiftSettings ?? []) + [.treatAllWarnings(as: .error)]
}
