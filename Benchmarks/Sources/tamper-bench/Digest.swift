import CBench
import Glibc

/// The canonical digest of the approved configuration, and the policy with that pin.
enum Digest {
  static func canonical(of file: String, _ options: Options) throws -> String {
    if let control = controlProgram(options) {
      let answer = try output(of: [control, "digest", file, "--json"])
      if let digest = JSONText.string("canonical_sha256", in: answer), digest.utf8.count == 64 {
        return digest
      }
      throw BenchError(message: "\(control) digest didn't give a digest: \(answer)")
    }
    // The canonical form is defined as what this prints.
    let recipe = """
      import hashlib, json, sys
      text = json.dumps(json.load(open(sys.argv[1])), sort_keys=True)
      print(hashlib.sha256(text.encode()).hexdigest())
      """
    let digest = try output(of: ["python3", "-c", recipe, file]).filter { !$0.isWhitespace }
    guard digest.utf8.count == 64 else {
      throw BenchError(message: "no digest: neither mcpolicyctl nor python3 there?")
    }
    return digest
  }

  static func pin(_ digest: String, in file: String) throws -> [UInt8] {
    let key = Array("\"file\":".utf8)
    let policy = try Files.read(file)
    let place = policy.indices.first { policy[$0...].starts(with: key) }
    guard let place else { throw BenchError(message: "\(file): no approved.file to pin") }
    return policy[..<place] + Array("\"sha256\": \"\(digest)\", ".utf8) + policy[place...]
  }

  static func controlProgram(_ options: Options) -> String? {
    if let control = options.control { return control }
    let folder = options.daemon.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    let beside = (folder + ["mcpolicyctl"]).joined(separator: "/")
    return access(beside, X_OK) == 0 ? beside : nil
  }

  /// What a program prints, its errors included.
  static func output(of arguments: [String]) throws -> String {
    var template = Array("/tmp/tamper-bench-output.XXXXXX".utf8CString)
    let file = mkstemp(&template)
    guard file >= 0 else { throw BenchError.system("mkstemp", "/tmp") }
    close(file)
    let log = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    defer { unlink(log) }
    _ = bench_wait_exit(try Daemon.spawn(arguments, log: log), 10_000)
    return Files.text(log) ?? ""
  }
}

/// Picks one member out of JSON whose shape is known; a parser would be more than is needed.
enum JSONText {
  static func string(_ key: String, in text: String) -> String? {
    let packed = text.filter { !$0.isWhitespace }
    guard let range = packed.firstRange(of: "\"\(key)\":\"") else { return nil }
    return String(packed[range.upperBound...].prefix { $0 != "\"" })
  }
}
