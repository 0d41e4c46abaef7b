// swift-tools-version: 6.3
import PackageDescription

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

// A package of its own: tamper-bench sees the daemon only from outside; judge-bench takes the pure
// rooms out of it.
let package = Package(
  name: "Benchmarks",
  dependencies: [.package(name: "mcpolicyd", path: "..")],
  targets: [
    .target(name: "CBench"),
    .executableTarget(name: "tamper-bench", dependencies: ["CBench"], swiftSettings: strict),
    .executableTarget(
      name: "judge-bench",
      dependencies: ["CBench", .product(name: "JudgeKit", package: "mcpolicyd")],
      swiftSettings: strict),
  ]
)
