import Linux
import MCPConfig

/// Whether the daemon runs, and as the package means it to.
enum UnitChecks {
  static func diagnoses(_ host: HostView) -> [Diagnosis] {
    [reachable(host)] + unit(host) + accounts(host)
  }

  private static func reachable(_ host: HostView) -> Diagnosis {
    switch host.status {
    case .success(let status):
      let version = status.shown("version") ?? "?"
      return .ok("daemon", "answers at \(host.options.socketPath), version \(version)")
    case .failure(let failure):
      return .problem(
        "daemon", failure.message,
        mend: "systemctl start mcpolicyd; if it doesn't stay: journalctl -u mcpolicyd")
    }
  }

  private static func unit(_ host: HostView) -> [Diagnosis] {
    guard host.isHost else {
      return [.unseen("unit", "--root is a folder: the unit of this host isn't its")]
    }
    guard let shown = UnitProperties.ofDaemon() else {
      return [.unseen("unit", "systemd isn't there, or doesn't answer")]
    }
    return diagnoses(shown, isUp: host.isUp, homes: host.homeFolders.map(\.folder))
  }

  static func diagnoses(_ unit: UnitProperties, isUp: Bool, homes: [String]) -> [Diagnosis] {
    var found: [Diagnosis] = []
    switch unit["LoadState"] {
    case "loaded": break
    case "masked":
      return [.problem("unit", "mcpolicyd.service is masked", mend: "systemctl unmask mcpolicyd")]
    default:
      return [
        .problem(
          "unit", "mcpolicyd.service isn't installed (\(unit["LoadState"]))",
          mend: "install the package; after a copy by hand: systemctl daemon-reload")
      ]
    }
    let state = unit["ActiveState"]
    if state == "failed" {
      found.append(
        .problem(
          "unit", "failed: \(unit["Result"]), exit status \(unit["ExecMainStatus"])",
          mend: unit["ExecMainStatus"] == "2"
            ? "mend the policy (see below), then: systemctl restart mcpolicyd"
            : "journalctl -u mcpolicyd says why; then: systemctl restart mcpolicyd"))
    } else if state != "active", state != "reloading" {
      found.append(
        isUp
          ? .warning(
            "unit", "is \(state), and yet a daemon answers: one started by hand",
            mend: "stop it, then: systemctl start mcpolicyd")
          : .problem("unit", "is \(state)", mend: "systemctl start mcpolicyd"))
    }
    if !["enabled", "static", "enabled-runtime"].contains(unit["UnitFileState"]) {
      found.append(
        .warning(
          "unit", "won't start at the next boot (\(unit["UnitFileState"]))",
          mend: "systemctl enable mcpolicyd"))
    }
    if unit["NeedDaemonReload"] == "yes" {
      found.append(
        .warning(
          "unit", "its file changed since systemd read it",
          mend: "systemctl daemon-reload && systemctl restart mcpolicyd"))
    }
    if let restarts = Int(unit["NRestarts"]), restarts > 0 {
      found.append(
        .warning(
          "unit", "was restarted \(counted(restarts, "time")) after it ended by itself",
          mend: "journalctl -u mcpolicyd says why"))
    }
    let writable = unit["ReadWritePaths"].split(separator: " ").map {
      String($0.drop { "-+".contains($0) })
    }
    for folder in homes
    where unit["ProtectSystem"] == "strict"
      && !writable.contains(where: { folder == $0 || folder.hasPrefix($0 + "/") })
    {
      found.append(
        .problem(
          "unit", "its sandbox closes \(folder), where the policy has homes",
          mend: "systemctl edit mcpolicyd: ReadWritePaths=\(folder) and NoExecPaths=\(folder)"))
    }
    return found.isEmpty ? [.ok("unit", "mcpolicyd.service runs, and starts at boot")] : found
  }

  private static func accounts(_ host: HostView) -> [Diagnosis] {
    guard host.isHost else { return [] }
    let mend = "systemd-sysusers mcpolicyd.conf"
    var found: [Diagnosis] = []
    if Account.named("mcpolicyd") == nil {
      found.append(.problem("groups", "there is no user mcpolicyd", mend: mend))
    }
    let missing = CallerRights.groupNames.filter { !GroupNames.exists($0) }
    if !missing.isEmpty {
      found.append(
        .problem(
          "groups",
          "missing: \(missing.joined(separator: ", ")); without them only root has their rights",
          mend: mend + "; systemctl restart mcpolicyd"))
    }
    return found.isEmpty
      ? [.ok("groups", "user mcpolicyd, and groups mcpolicy-admin and mcpolicy-audit")] : found
  }
}
