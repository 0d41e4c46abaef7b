import Glibc

/// What the figures were measured on.
struct Machine {
  var processor = "unknown"
  var processors = sysconf(Int32(_SC_NPROCESSORS_ONLN))
  var kernel = "unknown"
  var fileSystem = "unknown"
  var load = "unknown"
  var isRoot = geteuid() == 0

  init(for path: String) {
    let lines = (Files.text("/proc/cpuinfo") ?? "").split(separator: "\n")
    if let model = lines.first(where: { $0.hasPrefix("model name") || $0.hasPrefix("Model") }) {
      processor = String(model.drop { $0 != ":" }.dropFirst(2))
    }
    if let release = Files.text("/proc/sys/kernel/osrelease") {
      kernel = String(release.prefix { $0 != "\n" })
    }
    // Figures from a busy machine are worth less: say so.
    if let averages = Files.text("/proc/loadavg") { load = String(averages.prefix { $0 != " " }) }
    fileSystem = Self.fileSystem(of: path)
  }

  /// The type of the mount with the longest path that `path` is in.
  private static func fileSystem(of path: String) -> String {
    var best = (length: 0, type: "unknown")
    for line in (Files.text("/proc/self/mountinfo") ?? "").split(separator: "\n") {
      let fields = line.split(separator: " ")
      guard fields.count > 6, let dash = fields.firstIndex(of: "-") else { continue }
      let point = fields[4] == "/" ? "/" : "\(fields[4])/"
      // Later mounts cover earlier ones.
      if path.hasPrefix(point), point.count >= best.length {
        best = (point.count, String(fields[dash + 1]))
      }
    }
    return best.type
  }

  var description: String {
    """
    machine   \(processor), \(processors) processors, load \(load)
    system    Linux \(kernel), \(fileSystem), as \(isRoot ? "root" : "user")
    """
  }

  var json: String {
    """
    {"cpu": \(Report.quoted(processor)), "cpus": \(processors), \
    "kernel": \(Report.quoted(kernel)), "file_system": \(Report.quoted(fileSystem)), \
    "load": \(Report.quoted(load)), "root": \(isRoot)}
    """
  }
}
