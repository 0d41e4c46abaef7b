// swift-tools-version: 6.3
import PackageDescription

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

// Arrows point one way; docs/Modules.md says why each stands where it does.
let package = Package(
  name: "mcpolicyd",
  products: [
    .executable(name: "mcpolicyd", targets: ["mcpolicyd"]),
    .executable(name: "mcpolicyctl", targets: ["mcpolicyctl"]),
    // The pure rooms, for the packages in Benchmarks and Tests/Fuzz.
    .library(name: "JudgeKit", targets: ["MCPConfig", "Policy", "Signatures"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
  ],
  targets: [
    .systemLibrary(
      name: "CSystemd", pkgConfig: "libsystemd", providers: [.apt(["libsystemd-dev"])]),
    .systemLibrary(name: "CInotifyTools", providers: [.apt(["libinotifytools0-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "CLinux"),

    .target(name: "Linux", dependencies: ["CLinux"], swiftSettings: strict),
    .target(name: "MCPConfig", dependencies: [crypto], swiftSettings: strict),
    .target(name: "Signatures", dependencies: ["MCPConfig", crypto], swiftSettings: strict),
    .target(name: "Policy", dependencies: ["MCPConfig", "Signatures"], swiftSettings: strict),
    .target(name: "Metrics", swiftSettings: strict),
    .target(name: "Baseline", dependencies: ["Linux", "MCPConfig"], swiftSettings: strict),
    .target(
      name: "Ledger", dependencies: ["CZlib", "Linux", "MCPConfig"], swiftSettings: strict),
    .target(
      name: "Incidents", dependencies: ["CSystemd", "Linux", "MCPConfig", "Policy"],
      swiftSettings: strict),
    .target(
      name: "Enforcement",
      dependencies: ["CInotifyTools", "CLinux", "Linux", "MCPConfig", "Metrics", "Policy"],
      swiftSettings: strict),
    .target(name: "Control", dependencies: ["Linux", "MCPConfig"], swiftSettings: strict),
    .target(
      name: "Reporting", dependencies: ["Incidents", "Linux", "MCPConfig", "Policy"],
      swiftSettings: strict),

    .executableTarget(
      name: "mcpolicyd",
      dependencies: [
        "Baseline", "Control", "CSystemd", "Enforcement", "Incidents", "Ledger", "Linux",
        "MCPConfig", "Metrics", "Policy", "Signatures",
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "mcpolicyctl",
      dependencies: [
        "Control", "CSystemd", "Ledger", "Linux", "MCPConfig", "Policy", "Reporting",
        "Signatures", arguments,
      ],
      swiftSettings: strict),

    .target(
      name: "Support", dependencies: ["CSystemd", "MCPConfig"], path: "Tests/Support",
      swiftSettings: strict),
    .executableTarget(
      name: "soak", dependencies: ["MCPConfig", "Support"], path: "Tests/Soak",
      swiftSettings: strict),
    .target(name: "FuseHome", path: "Tests/Faults/FuseHome"),
    .testTarget(
      name: "FaultTests",
      dependencies: [
        "FuseHome", "Ledger", "Linux", "MCPConfig", "Support", "mcpolicyd", "mcpolicyctl",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "DaemonTests",
      dependencies: [
        "Support", "mcpolicyd", "mcpolicyctl", "Control", "Linux", "MCPConfig", "Policy",
      ],
      swiftSettings: strict),
    // What a hostile user does, for AttackTests; never shipped.
    .executableTarget(name: "attacker", path: "Tests/AttackTests/Attacker"),
    .target(name: "CAttributes", path: "Tests/AttackTests/CAttributes"),
    .testTarget(
      name: "AttackTests",
      dependencies: [
        "CAttributes", "Support", "attacker", "mcpolicyd", "mcpolicyctl", "MCPConfig",
      ],
      exclude: ["Attacker", "CAttributes", "table.py"], swiftSettings: strict),
    .testTarget(
      name: "EnforcementTests",
      dependencies: ["Enforcement", "Linux", "MCPConfig", "Policy", "Support"],
      swiftSettings: strict),
    .testTarget(
      name: "BaselineTests", dependencies: ["Baseline", "Linux", "MCPConfig", "Support"],
      swiftSettings: strict),
    .testTarget(
      name: "LedgerTests", dependencies: ["Ledger", "Linux", "MCPConfig", "Support"],
      swiftSettings: strict),
    .testTarget(
      name: "IncidentsTests",
      dependencies: ["Incidents", "Linux", "MCPConfig", "Policy", "Support"],
      swiftSettings: strict),
    .testTarget(name: "MetricsTests", dependencies: ["Metrics"], swiftSettings: strict),
    .testTarget(name: "LinuxTests", dependencies: ["Linux", "Support"], swiftSettings: strict),
    .testTarget(
      name: "MCPConfigTests", dependencies: ["MCPConfig", "Support"], swiftSettings: strict),
    .testTarget(
      name: "SignatureTests",
      dependencies: ["MCPConfig", "Policy", "Signatures", "Support", crypto],
      exclude: ["vectors", "make-vectors.sh"], swiftSettings: strict),
    .testTarget(
      name: "PolicyTests", dependencies: ["Policy", "MCPConfig", "Support"], swiftSettings: strict),
    .testTarget(
      name: "ControlTests", dependencies: ["Control", "Linux", "MCPConfig"], swiftSettings: strict),
    .testTarget(
      name: "ReportingTests",
      dependencies: ["Incidents", "Linux", "MCPConfig", "Policy", "Reporting"],
      swiftSettings: strict),
    .testTarget(
      name: "CommandTests",
      dependencies: ["Control", "Linux", "MCPConfig", "Policy", "Support", "mcpolicyctl"],
      swiftSettings: strict),
  ]
)
