import Glibc

/// The folder of Package.swift.
public let packageFolder = String(
  #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
    .joined(separator: "/"))

/// Configurations as people publish them, with the figures CPython computes and what parsers make of
/// them; not part of a clone. `MCPOLICY_CORPUS` names the folder, or it is looked for beside the
/// package.
public enum Corpus {
  /// Nil where there is none.
  public static let folder: String? = {
    let named = getenv("MCPOLICY_CORPUS").map { String(cString: $0) }
    let folder = named ?? packageFolder + "/../shared/corpus"
    if access(folder + "/canonical-vectors.tsv", R_OK) == 0 { return folder }
    print("No corpus at \(folder): its tests are skipped. MCPOLICY_CORPUS names another place.")
    return nil
  }()

  /// The lines of a table, by the names of its columns.
  public static func table(_ name: String) -> [[String: String]] {
    guard let folder, let bytes = read(folder + "/" + name) else { return [] }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map {
      $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }
    guard let columns = lines.first else { return [] }
    return lines.dropFirst().map {
      Dictionary(zip(columns, $0), uniquingKeysWith: { first, _ in first })
    }
  }

  /// The bytes of a file; nil if it can't be read.
  public static func read(_ path: String) -> [UInt8]? {
    guard let file = fopen(path, "rb") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      if count == 0 { return bytes }
      bytes += buffer[..<count]
    }
  }
}
