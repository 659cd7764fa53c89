// swift-tools-version: 6.1
import PackageDescription

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
  name: "socialq",
  platforms: [.macOS(.v15)],
  targets: [
    .target(name: "Posts", swiftSettings: strict)
  ],
  swiftLanguageModes: [.v6]
)
