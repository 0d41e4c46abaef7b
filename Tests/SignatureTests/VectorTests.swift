import MCPConfig
import Support
import Testing

@testable import Signatures

/// Signatures of the real `ssh-keygen`, and everything that is nearly one.
@Suite struct VectorTests {
  @Test(arguments: Vectors.keys + ["sha256"]) func aSignatureFits(_ name: String) throws {
    let signature = try Vectors.signature(name)
    #expect(signature.fits(Vectors.content))
    #expect(signature.namespace == "mcpolicyd")
    #expect(signature.hash == (name == "sha256" ? .sha256 : .sha512))
    #expect(try signature.key == Vectors.key(name == "sha256" ? "ed25519" : name))
    #expect(signature.wasTouched)
  }

  @Test func fingerprintsAreThoseOfSSHKeygen() throws {
    let lines = ByteString(Vectors.bytes("fingerprints")).text.split(separator: "\n")
    for (name, fingerprint) in zip(Vectors.keys, lines) {
      #expect(try Vectors.key(name).fingerprint == String(fingerprint))
      #expect(SSHPublicKey.isFingerprint(ByteString(String(fingerprint))))
    }
    for wrong in ["", "SHA256:", "SHA256:AAAA", "MD5:00", String(lines[0].dropLast()) + "="] {
      #expect(!SSHPublicKey.isFingerprint(ByteString(wrong)))
    }
  }

  @Test func anotherNamespaceIsSeen() throws {
    let signature = try Vectors.signature("namespace")
    #expect(signature.fits(Vectors.content))
    #expect(signature.namespace == "file")
  }

  @Test func rsaIsNamed() throws {
    #expect(throws: SSHFormatError.unsupportedKey("ssh-rsa")) { try Vectors.signature("rsa") }
    #expect(throws: SSHFormatError.unsupportedKey("ssh-rsa")) { try Vectors.key("rsa") }
    #expect(SSHFormatError.unsupportedKey("ssh-rsa").message.contains("ssh-ed25519"))
  }

  /// No byte of the content can be another one, be missing or be there once more.
  @Test(arguments: ["ed25519", "p256"]) func everyByteOfTheContentCounts(_ name: String) throws {
    let signature = try Vectors.signature(name)
    for index in Vectors.content.indices {
      var content = Vectors.content
      content[index] ^= 1
      #expect(!signature.fits(content), "byte \(index)")
    }
    #expect(!signature.fits(Array(Vectors.content.dropLast())))
    #expect(!signature.fits(Vectors.content + [0x0A]))
    #expect(!signature.fits([]))
  }

  private func holds(_ blob: [UInt8]) -> Bool {
    (try? SSHSignature(blob: blob))?.fits(Vectors.content) == true
  }

  /// No byte of a signature can be another one: not of its key, its namespace or its numbers either.
  @Test(arguments: Vectors.keys) func everyByteOfTheSignatureCounts(_ name: String) throws {
    let blob = try Armor.content(of: Vectors.bytes("\(name).sig"))
    #expect(holds(blob))
    // The large curves take their time.
    let step = ["p384": 5, "p521": 11][name] ?? 1
    for index in stride(from: 0, to: blob.count, by: step) {
      for flip: UInt8 in [0x01, 0x80] {
        var changed = blob
        changed[index] ^= flip
        #expect(!holds(changed), "byte \(index), \(flip)")
      }
    }
  }

  @Test(arguments: Vectors.keys) func aPartOfASignatureIsNone(_ name: String) throws {
    let blob = try Armor.content(of: Vectors.bytes("\(name).sig"))
    for count in 0..<blob.count {
      #expect(throws: SSHFormatError.self) { try SSHSignature(blob: Array(blob.prefix(count))) }
    }
    #expect(throws: SSHFormatError.self) { try SSHSignature(blob: blob + [0]) }
  }

  /// Nor can a character of the file: Base64 here has one spelling.
  @Test func everyCharacterOfTheArmorCounts() throws {
    let text = Vectors.bytes("ed25519.sig")
    for index in text.indices {
      var changed = text
      changed[index] ^= 1
      let signature = try? SSHSignature(armored: changed)
      #expect(signature?.fits(Vectors.content) != true, "character \(index)")
    }
  }

  @Test func theArmorMayEndAsEditorsEndFiles() throws {
    let text = ByteString(Vectors.bytes("ed25519.sig")).text
    let trimmed = String(text.dropLast())
    for variant in [trimmed, text + "\n\n", text.replacing("\n", with: "\r\n")] {
      #expect(try SSHSignature(armored: Array(variant.utf8)).fits(Vectors.content))
    }
    let end = "-----END SSH SIGNATURE-----"
    for broken in [
      "", "\n", "x" + text, "\n" + text, text + "x\n", trimmed.replacing(end, with: ""),
      trimmed.replacing("BEGIN", with: "begin"), "-----BEGIN SSH SIGNATURE-----\n\(end)\n",
      String(repeating: text, count: 2), String(repeating: "A", count: 20_000),
    ] {
      #expect(throws: SSHFormatError.self) { try SSHSignature(armored: Array(broken.utf8)) }
    }
  }

  @Test func aKeysLineIsThatOfAFile() throws {
    let line = Vectors.line("ed25519").text
    let bare = line.split(separator: " ").prefix(2).joined(separator: " ")
    #expect(try SSHPublicKey(line: ByteString(bare)) == Vectors.key("ed25519"))
    #expect(try SSHPublicKey(line: ByteString(line)).type == .ed25519)
    for wrong in [
      "", "ssh-ed25519", "ssh-ed25519 ", bare + "A", " " + bare, "\t" + bare,
      bare.replacing("ssh-ed25519 ", with: "ssh-ed25519\t"), bare.dropLast(4) + " x",
      bare.replacing("ssh-ed25519", with: "sk-ssh-ed25519@openssh.com"),
      bare.replacing("ssh-ed25519", with: "ecdsa-sha2-nistp256"), "cert-authority " + bare,
    ] {
      #expect(throws: SSHFormatError.self) { try SSHPublicKey(line: ByteString(String(wrong))) }
    }
  }

  /// A point that isn't on its curve is no key.
  @Test(arguments: ["p256", "p384", "p521"]) func aPointLiesOnItsCurve(_ name: String) throws {
    var blob = try Vectors.key(name).blob
    blob[blob.count - 1] ^= 1
    #expect(throws: SSHFormatError.self) { try SSHPublicKey(blob: blob) }
  }
}
