import MCPConfig

/// Members of the daemon's replies, made ready to be shown: whatever came from a user's file can't
/// act on the terminal.
extension JSON {
  /// The text, escaped; nil if there is none.
  func shown(_ key: ByteString) -> String? { self[key]?.string?.escaped }

  func number(_ key: ByteString) -> Int? { self[key]?.integer }

  func list(_ key: ByteString) -> [JSON] { self[key]?.elements ?? [] }

  /// A number for people; a question mark stands for one that isn't told.
  func amount(_ key: ByteString) -> String { number(key).map(String.init) ?? "?" }
}

/// As much of a digest as people compare by eye.
func short(_ digest: String) -> String { digest.count > 12 ? "\(digest.prefix(12))…" : digest }

func counted(_ count: Int, _ noun: String, _ plural: String? = nil) -> String {
  "\(count) \(count == 1 ? noun : plural ?? noun + "s")"
}
