// swift-tools-version: 6.3
import PackageDescription

// A package of its own: everything it builds is instrumented, the rooms under test included, and
// `swift build` of the daemon knows nothing of it. run.sh has the flags.
let package = Package(
  name: "Fuzz",
  dependencies: [.package(name: "mcpolicyd", path: "../..")],
  targets: [
    .executableTarget(
      name: "fuzz",
      dependencies: [.product(name: "JudgeKit", package: "mcpolicyd")],
      swiftSettings: [
        .swiftLanguageMode(.v6),
        .treatAllWarnings(as: .error),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
      ])
  ]
)
