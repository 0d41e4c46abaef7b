import Linux
import MCPConfig
import Policy

/// What the daemon watches against what the policy names and the disk has.
enum WatchChecks {
  static func diagnoses(_ host: HostView) -> [Diagnosis] {
    guard let targets = host.targets else {
      return [.unseen("targets", "no daemon answers")]
    }
    var found: [Diagnosis] = []
    let keeps = host.daemon?["state"]?.string != "unprovisioned"
    if host.rights.readsAll, let homes = host.homes, !homes.isEmpty, hasHomeTargets(host) {
      found += compared(targets.compactMap { $0["path"]?.string?.text }, homes: homes)
    } else if !host.rights.readsAll {
      found.append(
        .unseen(
          "targets", "only your own are told to you",
          mend: "run it as root, or as a member of mcpolicy-audit"))
    }
    if keeps { found += states(targets) }
    return found.contains { $0.state == .problem || $0.state == .warning }
      ? found : [.ok("targets", "\(targets.count) seen; none drifted, all watched")] + found
  }

  private static func hasHomeTargets(_ host: HostView) -> Bool {
    guard case .success(let policy) = host.policy else { return false }
    return policy.targets.contains { if case .home = $0.path { true } else { false } }
  }

  static func compared(_ paths: [String], homes: [String]) -> [Diagnosis] {
    var found: [Diagnosis] = []
    var kept: Set<String> = []
    for path in paths {
      var end = path.utf8.count
      // Every folder above it: one of them is the home.
      let bytes = Array(path.utf8)
      while let slash = bytes[..<end].lastIndex(of: UInt8(ascii: "/")), slash > 0 {
        end = slash
        kept.insert(String(decoding: bytes[..<slash], as: UTF8.self))
      }
    }
    let unkept = homes.filter { !kept.contains($0) }
    if !unkept.isEmpty {
      found.append(
        .problem(
          "targets", "no target is kept in: \(listed(unkept))",
          mend: "mcpolicyctl sweep looks for homes anew; then see that each has its user's owner"))
    }
    return found
  }

  static func states(_ targets: [JSON]) -> [Diagnosis] {
    func paths(_ passes: (JSON) -> Bool) -> [String] {
      targets.filter(passes).map { $0["path"]?.string?.text ?? "?" }
    }
    func isSo(_ target: JSON, _ state: ByteString, _ mode: ByteString) -> Bool {
      target["state"]?.string == state && target["mode"]?.string == mode
    }
    var found: [Diagnosis] = []
    let drifted = paths { isSo($0, "drifted", "enforce") }
    if !drifted.isEmpty {
      found.append(
        .problem(
          "targets", "drift stands though it is enforced: \(listed(drifted))",
          mend: "mcpolicyctl targets --state drifted says why"))
    }
    let observed = paths { isSo($0, "drifted", "observe") }
    if !observed.isEmpty {
      found.append(
        .warning(
          "targets", "drift stands in observe: \(listed(observed))",
          mend: "mcpolicyctl report --would says what enforcing would restore"))
    }
    let unreachable = paths { $0["state"]?.string == "unreachable" }
    if !unreachable.isEmpty {
      found.append(
        .warning(
          "targets", "can't be looked at: \(listed(unreachable))",
          mend: "see whether the home's file system answers, and who owns the folders"))
    }
    let unwatched = paths { $0["watched"]?.bool == false }
    if !unwatched.isEmpty {
      found.append(
        .warning(
          "targets", "aren't watched, so drift is found by sweeps: \(listed(unwatched))",
          mend: "see inotify and files above; mcpolicyctl targets --unwatched has all"))
    }
    return found
  }

  private static func listed(_ paths: [String]) -> String {
    let most = 3
    let rest = paths.count > most ? " and \(paths.count - most) more" : ""
    return paths.prefix(most).joined(separator: ", ") + rest
  }
}
