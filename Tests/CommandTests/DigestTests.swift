import Glibc
import Linux
import MCPConfig
import Testing

@testable import mcpolicyctl

@Suite struct DigestTests {
  private let bench = Bench()

  @Test func figures() throws {
    let folder = try TemporaryFolder()
    let file = try folder.file(
      "mcp.json",
      #"{"mcpServers":{"b":{"x":1},"a":{}},"powers":{"mcpServers":{"a":{"y":2},"c":{}}}}"#)
    #expect(bench.run("digest", file, "--json") == .fine)
    let entry = try #require(try bench.json()["files"]?.elements?.first)
    #expect(entry.members?.map(\.key) == ["path", "bytes_sha256", "canonical_sha256", "servers"])
    #expect(entry["path"]?.string?.text == file)
    let servers = try #require(entry["servers"]?.members)
    #expect(servers.map(\.key) == ["b", "a", "c"])
    #expect(
      servers.map(\.value.string?.text)
        == [#"{"x": 1}"#, "{}", "{}"].map { SHA256Digest(of: Array($0.utf8)).hexadecimal })
    #expect(bench.run("digest", file) == .fine)
    #expect(bench.output.contains("  server a\n"))
    #expect(bench.output.contains("  server a (power)\n"))
  }

  @Test func oneBadFileDoesntStopTheRest() throws {
    let folder = try TemporaryFolder()
    let bad = try folder.file("bad.json", "{\n  \"a\": 1,\n  \"a\": 2}")
    let good = try folder.file("good.json", "7")
    let missing = folder.path + "/missing.json"
    #expect(bench.run("digest", "--json", bad, missing, folder.path, good) == .badInput)
    let files = try #require(try bench.json()["files"]?.elements)
    #expect(
      files[0]["error"]?.canonicalForm
        == (["message": "the key \"a\" stands twice in one object", "line": 3, "column": 3] as JSON)
        .canonicalForm)
    #expect(files[0]["bytes_sha256"] == nil)
    #expect(files[1]["error"]?["message"]?.string == "No such file or directory")
    #expect(files[2]["error"]?["message"]?.string == "Is a directory")
    #expect(files[3]["servers"]?.members?.isEmpty == true)
    #expect(bench.run("digest", bad, good) == .badInput)
    #expect(
      bench.errors
        == "mcpolicyctl: \(bad):3:3: the key \"a\" stands twice in one object\n")
    #expect(bench.output.hasPrefix(good))
  }

  @Test func tooLarge() throws {
    let folder = try TemporaryFolder()
    let text = "[\"" + String(repeating: "x", count: (1 << 20) - 4) + "\"]"
    #expect(bench.run("digest", try folder.file("largest.json", text)) == .fine)
    #expect(bench.run("digest", try folder.file("larger.json", text + " ")) == .badInput)
    #expect(bench.errors.hasSuffix("larger.json: larger than 1048576 bytes\n"))
  }
}

/// Python's own figures for many real files.
@Suite struct CorpusTests {
  /// What Python reads and we refuse, as two readers could make two different values of it.
  private let refused: Set<String> = [
    "04-dup-root.json", "05-dup-server.json", "07-dup-escaped-key.json", "08-dup-env.json",
    "20-lone-surrogate.json", "57-numbers.json", "58-nan.json", "60-deep-512.json",
    "62-large-name-1mib.json",
  ]

  private struct Vector {
    var file: String
    var bytesSHA256: String
    /// Nil where Python reads no JSON.
    var canonicalSHA256: String?
  }

  private var corpus: String {
    if let folder = getenv("MCPOLICY_CORPUS") { return String(cString: folder) }
    let here = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
    return here.joined(separator: "/") + "/../shared/corpus"
  }

  private func vectors() throws -> [Vector]? {
    guard let folder = try? Descriptor.open(trusted: FilePath(corpus), O_RDONLY | O_DIRECTORY),
      let bytes = try folder.readFile("canonical-vectors.tsv", limit: 16 << 20)
    else { return nil }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").dropFirst().map {
      let fields = $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      return Vector(
        file: fields[0], bytesSHA256: fields[2],
        canonicalSHA256: fields[3] == "ok" ? fields[4] : nil)
    }
  }

  @Test func equalsPython() throws {
    guard let vectors = try vectors() else {
      print("skipped: no corpus at \(corpus); MCPOLICY_CORPUS names its folder")
      return
    }
    var refusals: Set<String> = []
    for vector in vectors {
      switch FileDigest(path: "\(corpus)/\(vector.file)").result {
      case .success(let figures):
        #expect(figures.bytes.hexadecimal == vector.bytesSHA256, "\(vector.file)")
        #expect(figures.canonical.hexadecimal == vector.canonicalSHA256, "\(vector.file)")
      case .failure:
        if vector.canonicalSHA256 != nil { refusals.insert(vector.file) }
      }
    }
    #expect(refusals == Set(refused.map { "synthetic/\($0)" }))
    #expect(vectors.count > 600)
  }
}
