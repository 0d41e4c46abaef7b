import MCPConfig
import Support
import Testing

/// The figures of every file of the corpus are those CPython computes.
@Suite(.enabled(if: Corpus.folder != nil)) struct CorpusTests {
  /// What CPython takes and we refuse, since other parsers refuse it or make something else of it. A
  /// file that isn't listed must have CPython's digest.
  private static let refused: [String: JSONError.Reason] = [
    "synthetic/04-dup-root.json": .duplicateKey("mcpServers"),
    "synthetic/05-dup-server.json": .duplicateKey("git"),
    "synthetic/07-dup-escaped-key.json": .duplicateKey("command"),
    "synthetic/08-dup-env.json": .duplicateKey("A"),
    "synthetic/20-lone-surrogate.json": .loneSurrogate,
    "synthetic/57-numbers.json": .numberOutOfRange,
    "synthetic/58-nan.json": .unexpected(found: "\"N\"", wanted: "a value"),
    "synthetic/60-deep-512.json": .tooDeep(limit: 64),
    "synthetic/62-large-name-1mib.json": .tooLarge(limit: 1 << 20),
  ]

  @Test func digestsAreCPythons() throws {
    let folder = try #require(Corpus.folder)
    var compared = 0
    for row in Corpus.table("canonical-vectors.tsv") {
      let name = try #require(row["file"])
      let bytes = try #require(Corpus.read(folder + "/" + name), "\(name)")
      #expect(SHA256Digest(of: bytes).hexadecimal == row["sha256_bytes"], "\(name)")
      let isTakenByPython = row["python_strict"] == "ok"
      do throws(JSONError) {
        let value = try JSON(parsing: bytes)
        #expect(isTakenByPython && Self.refused[name] == nil, "\(name) was taken")
        #expect(
          value.canonicalSHA256.hexadecimal == row["sha256_python_canonical"], "\(name)")
        #expect(value.canonicalForm.count == row["canonical_len"].flatMap { Int($0) }, "\(name)")
        compared += 1
      } catch {
        if isTakenByPython { #expect(error.reason == Self.refused[name], "\(name)") }
      }
    }
    #expect(compared > 500)
  }

  /// Every file that is JSON comes back from its own forms.
  @Test func formsReadBack() throws {
    let folder = try #require(Corpus.folder)
    for row in Corpus.table("canonical-vectors.tsv") {
      let name = try #require(row["file"])
      guard let bytes = Corpus.read(folder + "/" + name), let value = try? JSON(parsing: bytes)
      else {
        continue
      }
      for form in [value.canonicalForm, value.compactForm, value.prettyForm] {
        #expect(try JSON(parsing: form).canonicalForm == value.canonicalForm, "\(name)")
      }
    }
  }
}
