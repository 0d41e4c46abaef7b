import Crypto
import Foundation
import MCPConfig
import Support
import Testing

@testable import Signatures

/// Signatures as a hardware key makes them, by a key in memory: the real `ssh-keygen` says that they are
/// such.
struct HardwareKey {
  var type: SSHKeyType
  var blob: [UInt8]
  private var sign: ([UInt8]) throws -> [UInt8]
  private static let application = Array("ssh:".utf8)

  init(_ type: SSHKeyType) {
    self.type = type
    let name = Wire.string(Array(type.rawValue.utf8))
    if type == .hardwareEd25519 {
      let key = Curve25519.Signing.PrivateKey()
      blob = name + Wire.string(Array(key.publicKey.rawRepresentation))
      sign = { Array(try key.signature(for: $0)) }
    } else {
      let key = P256.Signing.PrivateKey()
      blob =
        name + Wire.string(Array("nistp256".utf8))
        + Wire.string(Array(key.publicKey.x963Representation))
      sign = { data in
        let raw = Array(try key.signature(for: data).rawRepresentation)
        return Self.mpint(raw[..<32]) + Self.mpint(raw[32...])
      }
    }
    blob += Wire.string(Self.application)
  }

  private static func mpint(_ magnitude: ArraySlice<UInt8>) -> [UInt8] {
    let digits = Array(magnitude.drop { $0 == 0 })
    return Wire.string((digits.first ?? 0) >= 0x80 ? [0] + digits : digits)
  }

  var line: String { "\(type.rawValue) \(Data(blob).base64EncodedString())" }

  func signature(on content: [UInt8], flags: UInt8, counter: UInt32 = 9) throws -> [UInt8] {
    let namespace = Wire.string(Array("mcpolicyd".utf8))
    let hash = Wire.string(Array("sha512".utf8))
    let magic = Array("SSHSIG".utf8)
    let signed =
      magic + namespace + Wire.string([]) + hash + Wire.string(Array(SHA512.hash(data: content)))
    let device = [flags] + Wire.number(counter)
    let value = try sign(
      Array(SHA256.hash(data: Self.application)) + device + Array(SHA256.hash(data: signed)))
    let signature = Wire.string(Array(type.rawValue.utf8)) + Wire.string(value) + device
    let blob =
      magic + Wire.number(1) + Wire.string(blob) + namespace + Wire.string([]) + hash
      + Wire.string(signature)
    let base64 = Data(blob).base64EncodedString(options: .lineLength76Characters)
      .replacing("\r\n", with: "\n")
    return Array("-----BEGIN SSH SIGNATURE-----\n\(base64)\n-----END SSH SIGNATURE-----\n".utf8)
  }
}

@Suite struct HardwareKeyTests {
  static let types: [SSHKeyType] = [.hardwareEd25519, .hardwareP256]

  @Test(arguments: types) func aTouchIsAsked(_ type: SSHKeyType) throws {
    let key = HardwareKey(type)
    let touched = try SSHSignature(armored: key.signature(on: Vectors.content, flags: 0x01))
    #expect(touched.fits(Vectors.content) && touched.wasTouched)
    #expect(try touched.key == SSHPublicKey(line: ByteString(key.line)))
    let verified = try SSHSignature(armored: key.signature(on: Vectors.content, flags: 0x05))
    #expect(verified.fits(Vectors.content) && verified.wasTouched)
    let silent = try SSHSignature(armored: key.signature(on: Vectors.content, flags: 0x00))
    #expect(silent.fits(Vectors.content) && !silent.wasTouched)
  }

  /// Flags and counter are signed: nobody can add a touch.
  @Test(arguments: types) func everyByteCounts(_ type: SSHKeyType) throws {
    let blob = try Armor.content(of: HardwareKey(type).signature(on: Vectors.content, flags: 0))
    for index in blob.indices {
      var changed = blob
      changed[index] ^= 1
      let signature = try? SSHSignature(blob: changed)
      #expect(signature?.fits(Vectors.content) != true, "byte \(index)")
    }
  }

  @Test(.enabled(if: SigningKey.isAvailable), arguments: types)
  func sshKeygenTakesThemToo(_ type: SSHKeyType) throws {
    let root = TemporaryRoot()
    let key = HardwareKey(type)
    let content = ByteString(Vectors.content).text
    let signature = ByteString(try key.signature(on: Vectors.content, flags: 0x01)).text
    #expect(
      SigningKey.takes(
        signature: signature, of: content, key: key.line, namespace: "mcpolicyd", in: root))
    #expect(
      !SigningKey.takes(
        signature: signature, of: content + " ", key: key.line, namespace: "mcpolicyd", in: root))
  }
}

/// The program that is installed, with keys made now.
@Suite(.enabled(if: SigningKey.isAvailable)) struct InstalledKeygenTests {
  @Test(arguments: [
    ["ed25519"], ["ecdsa", "-b", "256"], ["ecdsa", "-b", "384"], ["ecdsa", "-b", "521"],
  ])
  func whatItSignsFits(_ type: [String]) throws {
    let root = TemporaryRoot()
    let key =
      type.count == 1
      ? SigningKey(type[0], in: root) : SigningKey(type[0], type[1], type[2], in: root)
    for round in 0..<3 {
      let content = String(repeating: "line \(round)\n", count: round * 100)
      root.write("file", content)
      key.sign(root.at("file"))
      let signature = try SSHSignature(
        armored: Array(try #require(root.read("file.sig")).utf8))
      #expect(signature.fits(Array(content.utf8)))
      #expect(!signature.fits(Array((content + "x").utf8)))
      #expect(try signature.key == SSHPublicKey(line: ByteString(key.line)))
    }
  }
}
