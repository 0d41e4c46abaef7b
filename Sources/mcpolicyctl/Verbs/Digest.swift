import ArgumentParser
import MCPConfig

struct Digest: VerbCommand {
  static let configuration = CommandConfiguration(
    abstract: "The SHA-256 figures of files: of the bytes, the canonical form and each server.",
    discussion: """
      The canonical form is what Python's json.dumps(obj, sort_keys=True) prints. Needs no daemon.
      """)

  @OptionGroup var options: CommonOptions

  @Argument(help: "The files.", completion: .file())
  var file: [String]

  func execute(on console: Console) throws -> Outcome {
    let digests = file.map(FileDigest.init)
    if options.json {
      console.print(["files": .array(digests.map(\.json))])
    } else {
      for digest in digests {
        switch digest.result {
        case .success(let figures): console.print(digest.text(figures))
        case .failure(let complaint): console.complain(complaint.text(path: digest.path))
        }
      }
    }
    let bad = digests.contains { if case .failure = $0.result { true } else { false } }
    return bad ? .badInput : .fine
  }
}
