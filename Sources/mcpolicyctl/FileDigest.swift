import Linux
import MCPConfig

/// The figures of one file, or why it has none.
struct FileDigest {
  struct Figures {
    var bytes: SHA256Digest
    var canonical: SHA256Digest
    var document: ConfigDocument
  }

  struct Complaint: Error {
    var message: String
    var position: Position?

    func text(path: String) -> String {
      let place = position.map { ":\($0)" } ?? ""
      return "\(ByteString(path).escaped)\(place): \(message)"
    }
  }

  var path: String
  var result: Result<Figures, Complaint>

  init(path: String) {
    self.path = path
    do throws(SystemError) {
      result = Self.figures(of: try InputFile(path).bytes)
    } catch {
      result = .failure(Complaint(message: InputFile.reason(error)))
    }
  }

  static func figures(of bytes: [UInt8]) -> Result<Figures, Complaint> {
    do throws(JSONError) {
      let document = try ConfigDocument(parsing: bytes)
      return .success(
        Figures(
          bytes: SHA256Digest(of: bytes), canonical: document.root.canonicalSHA256,
          document: document))
    } catch {
      return .failure(Complaint(message: error.message, position: error.position))
    }
  }
}

extension FileDigest {
  var json: JSON {
    switch result {
    case .success(let figures):
      return [
        "path": .text(path), "bytes_sha256": .text(figures.bytes.hexadecimal),
        "canonical_sha256": .text(figures.canonical.hexadecimal),
        "servers": Self.servers(of: figures.document),
      ]
    case .failure(let complaint):
      return [
        "path": .text(path),
        "error": [
          "message": .text(complaint.message),
          "line": complaint.position.map { .int($0.line) } ?? .null,
          "column": complaint.position.map { .int($0.column) } ?? .null,
        ],
      ]
    }
  }

  /// A name of both sections stands for the first, as one object can't hold it twice.
  private static func servers(of document: ConfigDocument) -> JSON {
    var names: Set<ByteString> = []
    let members = document.servers.compactMap { server in
      names.insert(server.name).inserted
        ? JSON.Member(key: server.name, value: .text(server.sha256.hexadecimal)) : nil
    }
    return JSON(.object(members))
  }

  /// Whole digests: they are what was asked for, and to be copied into a policy.
  func text(_ figures: Figures) -> String {
    var lines = [
      ByteString(path).escaped, "  \(figures.bytes)  bytes", "  \(figures.canonical)  canonical",
    ]
    lines += figures.document.servers.map { "  \($0.sha256)  server \($0.shownName)" }
    return lines.joined(separator: "\n")
  }
}

extension ServerEntry {
  /// The name, escaped; a power's server says that it is one.
  var shownName: String { section == .powers ? "\(name.escaped) (power)" : name.escaped }
}
