import Linux
import MCPConfig

extension ReportDocument.Inventory {
  /// One entry for each user and each set of servers, with the hosts on which that is so.
  init(_ hosts: [ByteString: HostTally], isCut: Bool) {
    var found: [Key: [ByteString]] = [:]
    var times: [WallTime] = []
    for (name, host) in hosts {
      guard let inventory = host.inventory else { continue }
      times.append(inventory.at)
      for (user, servers) in inventory.users {
        found[Key(user: user, servers: servers.sorted()), default: []].append(name)
      }
    }
    newest = times.max()
    oldest = times.min()
    self.isCut = isCut
    entries = found.sorted { $0.key < $1.key }.map { key, hosts in
      Entry(
        user: key.user.text, servers: key.servers.map(\.text), hosts: hosts.sorted().map(\.text))
    }
  }

  private struct Key: Hashable, Comparable {
    var user: ByteString
    var servers: [ByteString]

    static func < (left: Key, right: Key) -> Bool {
      left.user != right.user
        ? left.user < right.user : left.servers.lexicographicallyPrecedes(right.servers)
    }
  }
}
