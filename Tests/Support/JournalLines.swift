import Foundation
import MCPConfig

/// An incident as the daemon told it where no journal is.
public struct ToldIncident {
  public var fields: JSON

  public init(fields: JSON) {
    self.fields = fields
  }

  public func values(_ name: String) -> [String] {
    let field = fields[ByteString("MCPOLICY_\(name)")]
    if let elements = field?.elements { return elements.compactMap { $0.string?.text } }
    return field?.string.map { [$0.text] } ?? []
  }

  public func value(_ name: String) -> String? { values(name).first }
  public var message: String { fields["MESSAGE"]?.string?.text ?? "" }
}

extension RunningDaemon {
  /// The incidents so far.
  public var incidents: [ToldIncident] {
    log.split(separator: "\n").compactMap { line in
      guard let fields = try? JSON(parsing: Array(line.utf8)), fields["MCPOLICY_INCIDENT"] != nil,
        fields["MCPOLICY_ACTION"] != nil
      else { return nil }
      return ToldIncident(fields: fields)
    }
  }
}

extension RunningDaemon {
  public static let file = "home/alice/.kiro/settings/mcp.json"

  /// Whether the file there is the approved copy again, as a read-only one must be.
  public func isApproved(_ file: String = RunningDaemon.file, uid: UInt32 = 0) -> Bool {
    let owner = mayGiveFilesAway ? uid : ownUID
    guard let status = root.status(file) else { return false }
    return root.read(file) == Self.approved && status.st_uid == owner
      && root.permissions(file) == 0o444 && status.st_nlink == 1
  }
}

extension RunningDaemon {
  /// The audit records so far, of one kind of change if named.
  public func audits(_ change: String? = nil) -> [ToldIncident] {
    log.split(separator: "\n").compactMap { line in
      guard let fields = try? JSON(parsing: Array(line.utf8)),
        let found = fields["MCPOLICY_CHANGE"]?.string?.text, change == nil || found == change
      else { return nil }
      return ToldIncident(fields: fields)
    }
  }

  /// What a verb prints with `--json`.
  public func json(_ arguments: [String], as uid: UInt32? = nil) throws -> JSON {
    let result = control(arguments + ["--json"], as: uid)
    return try JSON(parsing: Array(result.output.utf8))
  }
}
