import Glibc
import Linux
import MCPConfig
import Policy

/// Owners and modes of what the daemon and its users trust.
enum FolderChecks {
  struct Place: Hashable {
    enum Kind: Hashable {
      /// Only root may change it: what stands there decides.
      case roots
      /// The daemon's own, and closed to everyone else.
      case closed
      /// The daemon's own, and open to be entered.
      case open
    }

    var path: String
    var kind: Kind
    /// What makes it, if it has to be there.
    var maker: String?
  }

  static func diagnoses(_ host: HostView) -> [Diagnosis] {
    let daemon = Account.named("mcpolicyd")?.uid
    var found: [Diagnosis] = []
    var closed: [String] = []
    var missing: [String] = []
    let places = places(host)
    for place in places {
      switch Seen(place.path) {
      case .closed: closed.append(place.path)
      case .absent:
        // What lies in a missing folder is missing with it.
        guard let maker = place.maker, !missing.contains(where: { place.path.hasPrefix($0 + "/") })
        else { continue }
        missing.append(place.path)
        found.append(.problem("folders", "\(place.path) is missing", mend: maker))
      case .there(let status):
        let owners: Set<UInt32> =
          host.isHost
          ? (place.kind == .roots ? [0] : [0, daemon ?? 0]) : [0, geteuid(), daemon ?? 0]
        if let complaint = complaint(status, place.kind, owners) {
          found.append(
            .problem(
              "folders", "\(place.path): \(complaint)",
              mend: mend(place, owner: place.kind == .roots || daemon == nil ? "root" : "mcpolicyd")
            ))
        }
      }
    }
    if !closed.isEmpty {
      found.append(
        .unseen(
          "folders", "closed to you: \(closed.joined(separator: ", "))", mend: "run it as root")
      )
    }
    let seen = places.count - closed.count
    return found.contains { $0.state == .problem }
      ? found : [.ok("folders", "owners and modes of \(seen) are right")] + found
  }

  static func places(_ host: HostView) -> [Place] {
    let tmpfiles = "systemd-tmpfiles --create mcpolicyd.conf"
    var places = [
      Place(path: host.options.onHost("/etc/mcpolicyd"), kind: .roots, maker: tmpfiles),
      Place(path: host.policyPath, kind: .roots),
    ]
    for name in ["", "/baseline", "/evidence", "/exceptions", "/incidents", "/ledger"] {
      places.append(
        Place(
          path: host.options.onHost("/var/lib/mcpolicyd\(name)"), kind: .closed,
          maker: host.isHost ? tmpfiles : nil))
    }
    places.append(
      Place(
        path: host.options.onHost("/run/mcpolicyd"), kind: .open,
        maker: host.isUp ? "systemctl restart mcpolicyd" : nil))
    for (folder, _) in host.homeFolders {
      places += [
        Place(path: folder, kind: .roots), Place(path: "\(folder)/.mcpolicyd", kind: .closed),
      ]
    }
    guard case .success(let policy) = host.policy else { return places }
    places.append(Place(path: host.options.onHost(policy.approvedFile), kind: .roots))
    for case .absolute(let components) in policy.targets.map(\.path) {
      let folder = host.options.onHost(components.dropLast().map { "/\($0)" }.joined())
      places += [
        Place(path: folder, kind: .roots, maker: host.isHost ? "mkdir -m 755 \(folder)" : nil),
        Place(path: "\(folder)/.mcpolicyd", kind: .closed),
      ]
    }
    return places
  }

  /// Nil if it is as it should be.
  static func complaint(
    _ status: FileStatus, _ kind: Place.Kind, _ owners: Set<UInt32>
  ) -> String? {
    if status.type == .symlink { return "is a symlink, which may lead elsewhere" }
    guard owners.contains(status.uid) else {
      let name = Account.withUID(status.uid)?.name
      return "belongs to \(name ?? "uid \(status.uid)")"
    }
    let mode = String(status.permissions, radix: 8)
    switch kind {
    case .closed where status.permissions & 0o077 != 0: return "is open to others (mode \(mode))"
    // A sticky folder lets nobody replace what is another's.
    case .roots where status.permissions & 0o022 != 0 && status.permissions & 0o1000 == 0:
      return "others may write there (mode \(mode))"
    case .open where status.permissions & 0o022 != 0: return "others may write there (mode \(mode))"
    case .open where status.permissions & 0o001 == 0:
      return "users can't reach the socket in it (mode \(mode))"
    default: return nil
    }
  }

  private static func mend(_ place: Place, owner: String) -> String {
    let path = ServerRequest.word(ByteString(place.path))
    switch place.kind {
    case .roots: return "find out who did it, then: chown root: \(path); chmod go-w \(path)"
    case .closed: return "chown \(owner): \(path); chmod 700 \(path)"
    case .open: return "chown \(owner): \(path); chmod 755 \(path)"
    }
  }
}
