// swift-tools-version: 6.3
import PackageDescription

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

// A package of its own: it sees the daemon only from outside, and builds without its dependencies.
let package = Package(
  name: "Benchmarks",
  targets: [
    .target(name: "CBench"),
    .executableTarget(name: "tamper-bench", dependencies: ["CBench"], swiftSettings: strict),
  ]
)
