// swift-tools-version: 6.1
import PackageDescription

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let sqlite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")

let package = Package(
  name: "socialq",
  platforms: [.macOS(.v15)],
  products: [
    // What script/fuzz links with libFuzzer.
    .library(name: "Fuzzing", type: .static, targets: ["Fuzzing"])
  ],
  dependencies: [
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    .systemLibrary(
      name: "CRDKafka", pkgConfig: "rdkafka",
      providers: [.apt(["librdkafka-dev"]), .brew(["librdkafka"])]),

    .systemLibrary(name: "CMalloc"),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(
      name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"]), .brew(["zstd"])]),

    .target(name: "Posts", swiftSettings: strict),
    .target(name: "HostNames", swiftSettings: strict),
    .target(name: "SyntheticPosts", dependencies: ["Posts"], swiftSettings: strict),
    .target(name: "Kafka", dependencies: ["CRDKafka"], swiftSettings: strict),
    .target(name: "Ingest", dependencies: ["Posts", "Kafka", "PostStore"], swiftSettings: strict),
    .target(
      name: "PostStore", dependencies: ["Posts", grdb, sqlite], swiftSettings: strict,
      plugins: ["EmbedFiles"]),

    .target(
      name: "NamedQueries", dependencies: ["Posts", "PostStore", grdb, sqlite],
      swiftSettings: strict, plugins: ["EmbedFiles"]),

    .target(
      name: "Interchange", dependencies: ["CZlib", "CZstd", "Posts", "PostStore"],
      swiftSettings: strict),

    .target(
      name: "Dashboard",
      dependencies: [
        "HostNames", "NamedQueries", "PostStore", "Posts", "Rendering",
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ],
      swiftSettings: strict, plugins: ["EmbedFiles"]),

    .target(
      name: "Logs",
      dependencies: ["StandardStreams", .product(name: "Logging", package: "swift-log")],
      swiftSettings: strict),
    .target(
      name: "Monitoring",
      dependencies: [
        "HostNames", "Ingest", "PostStore", "Posts",
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      swiftSettings: strict),

    .target(name: "Signals", swiftSettings: strict),
    .target(name: "StandardStreams", swiftSettings: strict),
    .target(name: "Rendering", dependencies: ["NamedQueries", "Posts"], swiftSettings: strict),
    .executableTarget(
      name: "social-broker", dependencies: ["Kafka", "StandardStreams", argumentParser],
      swiftSettings: strict),
    .executableTarget(
      name: "social-consumer",
      dependencies: [
        "Ingest", "Kafka", "Logs", "Monitoring", "Posts", "PostStore", "Signals", "StandardStreams",
        argumentParser, .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "social-producer",
      dependencies: [
        "Kafka", "Posts", "Signals", "StandardStreams", "SyntheticPosts", argumentParser,
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "socialq",
      dependencies: [
        "CMalloc",
        "Dashboard", "Interchange", "NamedQueries", "Posts", "PostStore", "Rendering", "Signals",
        "StandardStreams", argumentParser, .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: strict),

    .executableTarget(
      name: "bench-ingest",
      dependencies: ["Posts", "PostStore", "SyntheticPosts", argumentParser],
      path: "Benchmarks/bench-ingest", swiftSettings: strict),

    .plugin(name: "EmbedFiles", capability: .buildTool(), dependencies: ["embed-files"]),
    .executableTarget(
      name: "embed-files", dependencies: ["StandardStreams"], swiftSettings: strict),

    .target(
      name: "TestSupport", dependencies: ["CRDKafka"], path: "Tests/TestSupport",
      swiftSettings: strict),
    .testTarget(
      name: "KafkaTests", dependencies: ["Kafka", "TestSupport", "social-broker"],
      swiftSettings: strict),
    .target(
      name: "Fuzzing", dependencies: ["NamedQueries", "Posts", "Rendering", "StoreFixtures"],
      path: "Tests/Fuzzing", swiftSettings: strict),
    .testTarget(name: "FuzzingTests", dependencies: ["Fuzzing"], swiftSettings: strict),
    .testTarget(
      name: "LogsTests",
      dependencies: ["Logs", .product(name: "Logging", package: "swift-log")],
      swiftSettings: strict),
    .testTarget(
      name: "MonitoringTests", dependencies: ["Ingest", "Monitoring", "PostStore", "Posts"],
      swiftSettings: strict),
    .testTarget(
      name: "SyntheticPostsTests", dependencies: ["Posts", "SyntheticPosts"],
      swiftSettings: strict),
    .testTarget(
      name: "RenderingTests", dependencies: ["NamedQueries", "Posts", "Rendering"],
      swiftSettings: strict),
    .testTarget(
      name: "PostsTests", dependencies: ["Fuzzing", "Posts", "TestSupport"],
      swiftSettings: strict),
    .target(
      name: "StoreFixtures", dependencies: ["Posts", "PostStore", grdb],
      path: "Tests/StoreFixtures",
      swiftSettings: strict),
    .testTarget(
      name: "PostStoreTests",
      dependencies: [
        "Posts", "PostStore", "StoreFixtures", "SyntheticPosts", "TestSupport", grdb, sqlite,
      ],
      swiftSettings: strict),
    .testTarget(
      name: "NamedQueriesTests",
      dependencies: ["NamedQueries", "Posts", "PostStore", "StoreFixtures", "TestSupport", grdb],
      swiftSettings: strict),
    .testTarget(
      name: "BrowserTests",
      dependencies: [
        "TestSupport", "social-broker", "social-consumer", "social-producer", "socialq",
      ],
      exclude: [
        "chart_flows.py", "dashboard.py", "edge_posts.py", "flows.py", "page_flows.py",
        "screenshots.py", "time_flows.py", "world.py",
      ], swiftSettings: strict),
    .testTarget(
      name: "DashboardTests",
      dependencies: [
        "Dashboard", "NamedQueries", "Posts", "PostStore", "StoreFixtures", "TestSupport",
        "socialq",
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "IngestTests",
      dependencies: ["Ingest", "Posts", "PostStore", "StoreFixtures", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "InterchangeTests",
      dependencies: ["Interchange", "Posts", "PostStore", "StoreFixtures", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "EndToEndTests",
      dependencies: [
        "Kafka", "NamedQueries", "Posts", "PostStore", "StoreFixtures", "SyntheticPosts",
        "TestSupport", grdb, "social-broker",
        "social-consumer", "social-producer", "socialq",
      ],
      exclude: ["metrics.py", "publish.py"], swiftSettings: strict),
    .testTarget(
      name: "SocialqTests",
      dependencies: [
        "PostStore", "Posts", "StoreFixtures", "TestSupport", grdb, "social-broker",
        "social-consumer", "social-producer", "socialq",
      ],
      exclude: ["terminal.py", "spreadsheet.py", "csvread.py"], swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
