import Control
import MCPConfig
import Policy

/// What was checked, as the Static Analysis Results Interchange Format 2.1.0 that code reviews show
/// beside the lines.
struct SarifLog {
  private let files: [CheckedFile]

  init(_ files: [CheckedFile]) {
    self.files = files
  }

  var json: JSON {
    [
      "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0",
      "runs": [
        [
          "tool": [
            "driver": [
              "name": "mcpolicyctl", "semanticVersion": .text(ServiceInfo.mcpolicyd.version),
              "rules": .array(SarifRule.all.map(\.json)),
            ]
          ],
          "columnKind": "unicodeCodePoints", "invocations": [invocation],
          "results": .array(files.filter { !$0.isMissing }.flatMap(results)),
        ]
      ],
    ]
  }

  /// A file that isn't there is no result of the check but a fault of its call.
  private var invocation: JSON {
    let missing = files.filter(\.isMissing)
    let notes = missing.map { file -> JSON in
      [
        "level": "error", "message": message(file.findings.first?.finding.message ?? ""),
        "locations": [["physicalLocation": ["artifactLocation": artifact(file.path)]]],
      ]
    }
    return [
      "executionSuccessful": .bool(missing.isEmpty), "toolExecutionNotifications": .array(notes),
    ]
  }

  private func results(_ file: CheckedFile) -> [JSON] {
    var fingerprints = Fingerprints()
    let findings = file.findings.map { placed in
      result(
        SarifRule(placed.finding.kind), file.path, placed.finding.server, placed.finding.field,
        placed.position, "\(placed.finding.message) (rule: \(placed.finding.rule))", &fingerprints)
    }
    let warnings = (file.warnings ?? []).map { warning in
      result(
        SarifRule(warning.rule), file.path, warning.server, warning.field, warning.position,
        warning.message, &fingerprints)
    }
    return findings + warnings
  }

  private func result(
    _ rule: SarifRule, _ path: String, _ server: ByteString?, _ field: String?,
    _ position: Position?, _ text: String, _ fingerprints: inout Fingerprints
  ) -> JSON {
    let place = position ?? Position(line: 1, column: 1)
    var location: [(String, JSON)] = [
      (
        "physicalLocation",
        [
          "artifactLocation": artifact(path),
          "region": ["startLine": .int(place.line), "startColumn": .int(place.column)],
        ]
      )
    ]
    let names = [server?.escaped, field.map { ByteString($0).escaped }].compactMap { $0 }
    if !names.isEmpty {
      location.append(
        ("logicalLocations", [["fullyQualifiedName": .text(names.joined(separator: "."))]]))
    }
    return [
      "ruleId": .text(rule.id), "ruleIndex": .int(rule.index), "level": .text(rule.level),
      "message": message(text), "locations": [.object(location)],
      "partialFingerprints": [
        "mcpolicyFinding/v1": .text(fingerprints.next(rule.id, server, field))
      ],
    ]
  }

  /// Braces and links have a meaning in SARIF's plain text, and names come from the file.
  private func message(_ text: String) -> JSON {
    let hasLink = text.utf8.firstRange(of: "](".utf8) != nil
    var escaped = ""
    for scalar in ByteString(text).escaped.unicodeScalars {
      switch scalar {
      case "{", "}": escaped.unicodeScalars += [scalar, scalar]
      case "[" where hasLink, "]" where hasLink: escaped += "\\\(scalar)"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return ["text": .text(escaped)]
  }

  private func artifact(_ path: String) -> JSON {
    if path == InputFile.standardInput { return ["uri": "standard-input"] }
    let bytes = Array(path.utf8)
    if bytes.first == UInt8(ascii: "/") { return ["uri": .text("file://\(encoded(bytes))")] }
    let relative = bytes.starts(with: "./".utf8) ? Array(bytes.dropFirst(2)) : bytes
    return ["uri": .text(encoded(relative)), "uriBaseId": "%SRCROOT%"]
  }

  /// RFC 3986: everything but unreserved characters and slashes.
  private func encoded(_ path: [UInt8]) -> String {
    path.map { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: String(UnicodeScalar(byte))
      case _ where "-._~/".utf8.contains(byte): String(UnicodeScalar(byte))
      default: "%\(byte < 16 ? "0" : "")\(String(byte, radix: 16, uppercase: true))"
      }
    }.joined()
  }
}

/// Which result is the same in the next run, whatever moved its line or worded it anew.
private struct Fingerprints {
  private var seen: [[ByteString]: Int] = [:]

  mutating func next(_ rule: String, _ server: ByteString?, _ field: String?) -> String {
    let key = [ByteString(rule), server ?? "", ByteString(field ?? "")]
    seen[key, default: 0] += 1
    let parts = key + [ByteString(String(seen[key] ?? 1))]
    return SHA256Digest(of: Array(parts.map(\.bytes).joined(separator: [0]))).hexadecimal
  }
}
