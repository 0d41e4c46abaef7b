import Control
import Linux
import MCPConfig
import Policy

/// Shows what an approval would change, asks, and has it done: for `approve` and for a rollback.
struct Approval {
  let options: CommonOptions
  let yes: Bool
  /// What the bytes are called.
  let input: InputFile
  let verb: Verb
  let parameters: [(String, JSON)]

  func run(on console: Console) throws -> Outcome {
    let figures = try Self.figures(of: input)
    let review = try options.ask(
      .reviewApproval,
      [("content", .bytes(ByteString(input.bytes))), ("file", .text(input.path))])
    // With --json, stdout is for the answer alone.
    let stream: Console.Stream = options.json ? .errors : .output
    let style = stream == .output ? console.style : .plain
    let difference = Self.difference(review, figures.document)
    console.print(ApproveText.summary(path: input.path, figures), to: stream)
    console.print(ApproveText.difference(difference, review, style), to: stream)
    let warnings = ApprovalLint.warnings(on: figures.document, text: input.bytes)
    if !warnings.isEmpty {
      // Not asked, no one reads stdout for them; asked, they belong before the question.
      console.print(
        ApproveText.warnings(warnings, yes ? .plain : style), to: yes ? .errors : stream)
    }
    let refused = review.list("refused")
    if !refused.isEmpty {
      if options.json { console.print(["refused": .array(refused)]) }
      throw Failure(.badInput, ApproveText.refused(refused, path: input.path))
    }
    try ask(console, stream)
    let reply = try options.rollOut(verb, parameters, console)
    if options.json {
      let shown = JSON.Member(key: "difference", value: .object(difference.json))
      console.print(JSON(.object((reply.members ?? []) + [shown])))
    } else {
      console.print(ApproveText.result(reply, console.style))
    }
    return RolloutText.status(reply)
  }

  private static func difference(_ review: JSON, _ document: ConfigDocument) -> ConfigDifference {
    let baseline = review["baseline"]?.string.flatMap { try? ConfigDocument(parsing: $0.bytes) }
    // Without a baseline all of it is new.
    return ConfigDifference(
      approved: baseline ?? ConfigDocument(root: [:]), found: document)
  }

  /// What no client could read isn't offered to the daemon.
  static func figures(of input: InputFile) throws(Failure) -> FileDigest.Figures {
    do throws(FileDigest.Complaint) {
      let figures = try FileDigest.figures(of: input.bytes).get()
      if let wrong = figures.document.misshapen.first {
        let place = [wrong.field, wrong.server?.escaped ?? ""].filter { !$0.isEmpty }
        let name = place.isEmpty ? "the document" : place.joined(separator: " ")
        throw FileDigest.Complaint(
          message: "a client expects \(wrong.wanted) at \(name), not \(wrong.found)")
      }
      return figures
    } catch {
      throw Failure(.badInput, error.text(path: input.path))
    }
  }

  private func ask(_ console: Console, _ stream: Console.Stream) throws(Failure) {
    if yes { return }
    guard console.canAsk else {
      throw Failure(.badInput, "there is no terminal to ask on: --yes approves without asking")
    }
    console.write(stream, Array("Approve it for this host? [y/N] ".utf8))
    let answer = console.readLine() ?? ""
    guard ["y", "Y", "yes"].contains(answer) else { throw Failure(.failed, "not approved") }
  }
}
