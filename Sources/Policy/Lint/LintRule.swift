/// What the approval lint looks for. The raw value is the rule's id, which stays what it is.
public enum LintRule: String, CaseIterable, Sendable {
  case unpinnedPackage = "unpinned-package"
  case commandByPath = "command-by-path"
  case relativeCommand = "relative-command"
  case shell = "shell"
  case inlineCode = "inline-code"
  case runnerRedirect = "runner-redirect"
  case containerPrivileges = "container-privileges"
  case containerHostMount = "container-host-mount"
  case containerHostNamespace = "container-host-namespace"
  case executionEnvironment = "execution-environment"
  case plainHTTP = "plain-http"
  case autoApproveAll = "auto-approve-all"
  case toolIDCollision = "tool-id-collision"
  case literalSecret = "literal-secret"

  /// How much a warning of the rule says.
  public enum Level: String, Sendable {
    /// Worth knowing; nothing to change where the host is known to be right.
    case note
    /// What is approved isn't all of what will run.
    case warning
    /// It gives away the host, or a secret.
    case error
  }

  public var level: Level {
    switch self {
    case .commandByPath: .note
    case .containerPrivileges, .literalSecret: .error
    case .unpinnedPackage, .relativeCommand, .shell, .inlineCode, .runnerRedirect,
      .containerHostMount, .containerHostNamespace, .executionEnvironment, .plainHTTP,
      .autoApproveAll, .toolIDCollision:
      .warning
    }
  }

  /// One sentence about the rule, whatever the server.
  public var summary: String {
    switch self {
    case .unpinnedPackage: "A package or an image is approved without its exact version."
    case .commandByPath: "The command is looked up in the folders of PATH."
    case .relativeCommand: "Which program the command is depends on a folder or a variable."
    case .shell: "A shell interprets the arguments."
    case .inlineCode: "The arguments hold code."
    case .runnerRedirect: "An option of the runner brings code from somewhere else."
    case .containerPrivileges: "The container isn't confined."
    case .containerHostMount: "The container sees folders or sockets of the host."
    case .containerHostNamespace: "The container shares a namespace with the host."
    case .executionEnvironment: "A variable changes which code runs."
    case .plainHTTP: "The connection isn't encrypted."
    case .autoApproveAll: "Every tool of the server runs without anyone being asked."
    case .toolIDCollision: "Tools of two servers get the same ids."
    case .literalSecret: "A secret stands in the configuration."
    }
  }
}
