/// What a secret looks like, as its issuer documents it: AWS access key ids, GitHub and Slack tokens,
/// JSON Web Tokens, PEM private keys, bearer headers and passwords in URLs.
struct SecretShape: Sendable {
  let name: String
  let prefix: [UInt8]
  /// Whether what follows the prefix makes it a secret. It looks at a bounded stretch, or at one that
  /// no other occurrence looks at again, so that a search takes linear time.
  let follows: @Sendable (SecretText, _ start: Int) -> Bool

  init(
    _ name: String, _ prefix: String,
    follows: @escaping @Sendable (SecretText, _ start: Int) -> Bool
  ) {
    self.name = name
    self.prefix = Array(prefix.utf8)
    self.follows = follows
  }

  /// The name of the first shape of a secret in the bytes.
  static func find(in bytes: [UInt8]) -> String? {
    let text = SecretText(bytes: bytes)
    for start in bytes.indices {
      for shape in byFirstByte[Int(bytes[start])]
      where bytes[start...].starts(with: shape.prefix)
        && shape.follows(text, start + shape.prefix.count)
      {
        return shape.name
      }
    }
    return nil
  }

  private static let byFirstByte: [[SecretShape]] = {
    var table = [[SecretShape]](repeating: [], count: 256)
    for shape in all {
      if let first = shape.prefix.first { table[Int(first)].append(shape) }
    }
    return table
  }()

  private static let all: [SecretShape] =
    ["AKIA", "ASIA"].map { prefix in
      SecretShape("an AWS access key", prefix) { $0.isAWSKey(after: $1, prefix: 4) }
    }
    + ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"].map { prefix in
      SecretShape("a GitHub token", prefix) { $0.has(36, of: .alphanumeric, from: $1) }
    }
    + [
      SecretShape("a GitHub token", "github_pat_") { $0.has(22, of: .word, from: $1) }
    ]
    + ["xoxa-", "xoxb-", "xoxe-", "xoxp-", "xoxr-", "xoxs-", "xapp-"].map { prefix in
      SecretShape("a Slack token", prefix) { $0.has(10, of: .dashed, from: $1) }
    }
    + [
      SecretShape("a JSON Web Token", "eyJ") { $0.isWebToken(after: $1, prefix: 3) },
      SecretShape("a private key", "-----BEGIN ") { $0.isPrivateKeyLabel(from: $1) },
      SecretShape("a password in a URL", "://") { $0.hasPassword(inAuthorityFrom: $1) },
    ]
    // The scheme's name has no case (RFC 9110).
    + ["Bearer ", "bearer ", "BEARER "].map { prefix in
      SecretShape("a bearer token", prefix) { $0.isBearerToken(from: $1) }
    }
}
