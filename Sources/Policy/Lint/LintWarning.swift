import MCPConfig

/// Something in a configuration that someone should look at before approving it. A warning decides
/// nothing: findings do.
public struct LintWarning: Hashable, Sendable {
  public var rule: LintRule
  /// The server's name as it may be shown; no secret stands in it.
  public var server: ByteString
  /// Where in the definition, as findings name it: `args[1]`, `env.PATH`.
  public var field: String
  public var position: Position
  /// What the risk is, and what to write instead. No value of the file stands in it.
  public var message: String
}

/// A warning before it has its server and its place in the text.
struct LintHit {
  var rule: LintRule
  var field: String
  var offset: Int
  var message: String

  init(_ rule: LintRule, at word: LaunchWord, _ message: String) {
    self.init(rule, word.field, word.offset, message)
  }

  init(_ rule: LintRule, _ field: String, _ offset: Int, _ message: String) {
    self.rule = rule
    self.field = field
    self.offset = offset
    self.message = message
  }
}
