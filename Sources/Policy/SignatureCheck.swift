import MCPConfig
import Signatures

/// What a detached signature beside an approved configuration is worth.
public struct SignatureCheck: Sendable {
  /// The key that the signature names, as soon as it can be read.
  public var key: SSHPublicKey?
  /// The trusted signer whose key it is.
  public var signer: Trust.Signer?
  public var serial: Int?
  /// Why it approves nothing; nil if it does.
  public var refusal: Refusal?

  public enum Refusal: Sendable, Hashable {
    case unreadable(SSHFormatError)
    /// Made for other bytes, or damaged.
    case misfit
    case untouched
    case otherNamespace(ByteString)
    case revoked(place: String)
    case untrusted
    case notYetValid(Timestamp, place: String)
    case expired(Timestamp, place: String)
    case noSerial
    case malformedSerial
    /// Replayed: this host has had a newer one.
    case older(Int, than: Int)
    /// Two configurations with one serial.
    case reused(Int)
    /// It was in force, and something else was approved after it.
    case superseded(Int)
  }
}

extension Trust {
  /// Looks at what can't be forged first: so what is said of a signature's key is said of a key that
  /// made it.
  /// - Parameter highest: the newest serial that the host has had; nil if there was none, or it isn't
  ///   known here.
  public func check(
    _ content: [UInt8], _ document: ConfigDocument, signature text: [UInt8], at now: Timestamp,
    highest: HighestSerial?
  ) -> SignatureCheck {
    var check = SignatureCheck()
    check.serial = document.serial.number
    do throws(SSHFormatError) {
      let signature = try SSHSignature(armored: text)
      check.key = signature.key
      check.refusal = refusal(of: signature, content)
    } catch {
      check.refusal = .unreadable(error)
    }
    guard check.refusal == nil, let key = check.key else { return check }
    check.signer = signers.first { $0.key == key }
    check.refusal =
      refusal(of: key, by: check.signer, at: now)
      ?? Self.refusal(of: document, after: highest)
    return check
  }

  private func refusal(
    of signature: SSHSignature, _ content: [UInt8]
  ) -> SignatureCheck.Refusal? {
    guard signature.fits(content) else { return .misfit }
    guard signature.namespace == Self.namespace else {
      return .otherNamespace(signature.namespace)
    }
    return signature.wasTouched ? nil : .untouched
  }

  private func refusal(
    of key: SSHPublicKey, by signer: Signer?, at now: Timestamp
  ) -> SignatureCheck.Refusal? {
    if !revoked.isEmpty {
      let fingerprint = key.fingerprint
      if let revoked = revoked.first(where: { $0.fingerprint == fingerprint }) {
        return .revoked(place: revoked.place)
      }
    }
    guard let signer else { return .untrusted }
    if let start = signer.validAfter, now < start {
      return .notYetValid(start, place: signer.place)
    }
    if let end = signer.validBefore, now >= end { return .expired(end, place: signer.place) }
    return nil
  }

  private static func refusal(
    of document: ConfigDocument, after highest: HighestSerial?
  ) -> SignatureCheck.Refusal? {
    switch document.serial {
    case .none: return .noSerial
    case .malformed: return .malformedSerial
    case .number(let serial):
      guard let highest, serial <= highest.serial else { return nil }
      if serial < highest.serial { return .older(serial, than: highest.serial) }
      return document.root.canonicalSHA256 == highest.canonicalSHA256
        ? .superseded(serial) : .reused(serial)
    }
  }
}

extension SignatureCheck.Refusal {
  /// Whether someone must look into it. What was withdrawn on this host lies there as it was left.
  public var isIncident: Bool {
    if case .superseded = self { false } else { true }
  }

  /// Whether it is also how a pair looks of which one half was replaced and the other not yet.
  public var mayBeHalfReplaced: Bool {
    switch self {
    case .unreadable(.malformed), .misfit: true
    default: false
    }
  }

  /// `file:line` of the entry that decided.
  public var rule: String {
    switch self {
    case .revoked(let place), .notYetValid(_, let place), .expired(_, let place): place
    default: "default"
    }
  }

  /// Why, as the end of a sentence.
  public var reason: String {
    switch self {
    case .unreadable(let error): "it isn't one that can be verified (\(error.message))"
    case .misfit: "it wasn't made for this file, or is damaged"
    case .untouched: "nobody touched the hardware key for it"
    case .otherNamespace(let namespace):
      "it was made for \"\(namespace.shown)\", not for \"\(Trust.namespace.text)\""
    case .revoked(let place): "its key is revoked (\(place))"
    case .untrusted: "its key isn't one that the policy trusts"
    case .notYetValid(let start, let place): "its key isn't valid before \(start) (\(place))"
    case .expired(let end, let place): "its key was valid before \(end) only (\(place))"
    case .noSerial:
      "the file has no serial, so it couldn't be told from an older one; "
        + "give it \"mcpolicyd\": {\"serial\": 1} and sign it anew"
    case .malformedSerial:
      "\"mcpolicyd\" must be {\"serial\": N} with a whole number from 1 to \(ApprovalSerial.limit)"
    case .older(let serial, let highest):
      "its serial \(serial) is older than \(highest), which this host has had"
    case .reused(let serial):
      "its serial \(serial) was that of another configuration on this host"
    case .superseded(let serial):
      "it was in force here with serial \(serial), and something else was approved after it"
    }
  }
}
