import MCPConfig

/// A name out of a user's file as findings carry it. Names are shown and values aren't, so a secret
/// put where a name belongs would be; and a name can be as long as its file.
struct SafeName {
  let bytes: ByteString

  init(_ name: ByteString) {
    bytes =
      SecretShape.find(in: name.bytes).map { ByteString("(what looks like \($0))") }
      ?? name.clipped
  }

  var text: String { bytes.escaped }
}
