import MCPConfig
import Policy
import Signatures

/// Keys and signatures: no bytes make their reader crash, and none that a fuzzer finds approves anything.
struct SignatureProperties {
  let input: [UInt8]

  private static let trust = Trust(
    signers: [], revoked: [], signedOnly: false)
  private static let document = ConfigDocument(root: ["mcpolicyd": ["serial": 1]])

  func check() {
    checkSignature(input)
    checkSignature(armored)
    if let key = try? SSHPublicKey(line: ByteString(input)) {
      expect(SSHPublicKey.isFingerprint(ByteString(key.fingerprint)), "a key has a fingerprint")
      let again = try? SSHPublicKey(blob: key.blob)
      expect(again == key, "a key's bytes are the key")
    }
  }

  private func checkSignature(_ text: [UInt8]) {
    guard let signature = try? SSHSignature(armored: text) else { return }
    // Nobody here has a private key, but for what the seeds were made for.
    expect(!signature.fits([]), "a signature can't be found by trying")
    let found = Self.trust.check(
      [], Self.document, signature: text, at: Timestamp(seconds: 0), highest: nil)
    expect(found.refusal == .misfit, "and is refused")
  }

  /// The input as what stands between the lines of the armor, so that a fuzzer needn't learn Base64.
  private var armored: [UInt8] {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text = Array("-----BEGIN SSH SIGNATURE-----\n".utf8)
    for start in stride(from: 0, to: input.count, by: 3) {
      let part = Array(input[start..<min(start + 3, input.count)])
      let padded = part + [UInt8](repeating: 0, count: 3 - part.count)
      let bits = padded.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      for index in 0..<4 {
        text.append(
          index <= part.count ? alphabet[Int(bits >> UInt32(18 - 6 * index) & 63)] : 0x3D)
      }
    }
    return text + Array("\n-----END SSH SIGNATURE-----\n".utf8)
  }
}
