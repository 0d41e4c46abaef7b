import Control
import Glibc
import Linux
import MCPConfig
import Policy

/// What the doctor sees of the host: each part once, however many checks ask.
struct HostView {
  let options: CommonOptions
  let rights: CallerRights
  /// The replies of the daemon, or why there are none.
  let status: Result<JSON, Failure>
  let targets: [JSON]?
  let policy: Result<Policy, Diagnosis>
  let policyPath: String

  init(_ options: CommonOptions) {
    self.options = options
    do throws(Failure) {
      status = .success(try options.ask(.status))
    } catch {
      status = .failure(error)
    }
    let isUp = if case .success = status { true } else { false }
    rights = CallerRights.find(options, asks: isUp)
    targets = isUp ? (try? options.ask(.listTargets))?.list("targets") : nil
    policyPath = options.onHost("/etc/mcpolicyd/policy.json")
    policy = Self.policy(policyPath)
  }

  /// Whether this is the host itself, and not a folder that stands for one.
  var isHost: Bool { options.root == nil }

  var isUp: Bool { daemon != nil }

  var daemon: JSON? { try? status.get() }

  private static func policy(_ path: String) -> Result<Policy, Diagnosis> {
    let bytes: [UInt8]
    do throws(SystemError) {
      bytes = try InputFile(path).bytes
    } catch {
      if error.errno == EACCES {
        return .failure(.unseen("policy", "\(path): you may not read it", mend: "run it as root"))
      }
      return .failure(
        .problem(
          "policy", "\(path): \(InputFile.reason(error))",
          mend: "put the policy there; the package ships one with every key explained"))
    }
    do {
      return .success(try Policy(parsing: bytes, file: path))
    } catch {
      return .failure(
        .problem(
          "policy", error.description,
          mend: "mend it there; mcpolicyctl reload --dry-run says whether it holds"))
    }
  }

  /// The folders in which homes lie, by the policy.
  var homeFolders: [(folder: String, pattern: Glob)] {
    guard case .success(let policy) = policy else { return [] }
    return policy.homes.compactMap { home in
      let parts = home.utf8.split(separator: UInt8(ascii: "/"))
      guard let last = parts.last else { return nil }
      let folder = "/" + parts.dropLast().map { String(Substring($0)) }.joined(separator: "/")
      return (options.onHost(folder), Glob(pattern: Array(last)))
    }
  }

  /// The homes that are on disk, of accounts that the daemon keeps; nil where a folder can't be listed.
  var homes: [String]? {
    var found: [String] = []
    for (folder, pattern) in homeFolders {
      guard let opened = try? Descriptor.open(trusted: FilePath(folder), O_RDONLY | O_DIRECTORY)
      else {
        if Seen(folder).isAbsent { continue }
        return nil
      }
      for name in (try? opened.names()) ?? []
      where name.bytes.first != UInt8(ascii: ".") && name.text != "lost+found"
        && pattern.matches(name.bytes)
      {
        guard let status = try? opened.status(of: name), status.type == .directory else { continue }
        // Root's folders are no homes; in a throwaway root they are.
        if isHost, status.uid == 0 || Account.withUID(status.uid) == nil { continue }
        found.append(folder + (folder.hasSuffix("/") ? "" : "/") + name.text)
      }
    }
    return found.sorted()
  }
}

/// What stands at a path, as far as the caller may know.
enum Seen {
  case there(FileStatus)
  case absent
  /// A folder above it is closed.
  case closed

  init(_ path: String) {
    if let status = FileStatus.ofTrusted(FilePath(path)) {
      self = .there(status)
      return
    }
    var ignored = stat()
    self = lstat(path, &ignored) < 0 && errno == EACCES ? .closed : .absent
  }

  var isAbsent: Bool { if case .absent = self { true } else { false } }
}
