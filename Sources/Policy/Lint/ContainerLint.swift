/// What of `docker run` and its likes opens the host to the container.
enum ContainerLint {
  static func hits(_ words: ArraySlice<LaunchWord>) -> [LintHit] {
    guard let program = words.first?.program, ["docker", "podman", "nerdctl"].contains(program)
    else { return [] }
    let own = ScannedOptions(words.dropFirst(), global)
    var rest = own.rest
    if rest.first?.text == "container" { rest.removeFirst() }
    guard let verb = rest.popFirst()?.text, ["run", "create"].contains(verb) else { return [] }
    let scan = ScannedOptions(rest, run)
    var hits = own.options.filter { redirects.contains($0.name) }.map(redirect)
    hits += scan.options.compactMap(hit)
    if let image = scan.rest.first, !ImageName(image.text).isVersioned {
      hits.append(
        LintHit(
          .unpinnedPackage, at: image,
          "The image has no version, so another one can run after it was approved. "
            + "Write NAME@sha256:DIGEST, or at least NAME:1.2.3."))
    }
    return hits
  }

  private static let global = OptionTable(valued: [
    "--config", "-c", "--context", "-H", "--host", "-l", "--log-level", "--tlscacert",
    "--tlscert", "--tlskey", "--url", "--connection", "--identity", "--root", "--runroot",
    "-n", "--namespace", "-a", "--address",
  ])
  private static let redirects: Set<String> = [
    "--config", "-c", "--context", "-H", "--host", "--url", "--connection", "-a", "--address",
  ]

  /// Most options take a value; these don't.
  private static let run = OptionTable(flags: [
    "-d", "--detach", "--disable-content-trust", "--env-host", "--help", "--http-proxy", "-i",
    "--init", "--interactive", "--no-healthcheck", "--no-hostname", "--no-hosts",
    "--oom-kill-disable", "--passwd", "--privileged", "-P", "--publish-all", "-q", "--quiet",
    "--read-only", "--read-only-tmpfs", "--replace", "--rm", "--rmi", "--sig-proxy", "-t",
    "--tls-verify", "--tty", "--use-api-socket",
  ])

  private static func redirect(_ option: ScannedOptions.Option) -> LintHit {
    LintHit(
      .runnerRedirect, at: option.word,
      "\"\(option.name)\" runs the container on another daemon or with other settings. "
        + "Leave it out, and let the host's own settings say that.")
  }

  private static func hit(_ option: ScannedOptions.Option) -> LintHit? {
    let value = option.value?.text ?? ""
    switch option.name {
    case "--privileged", "--use-api-socket":
      let off = ["false", "0", "f"].contains(value.lowercased())
      return off ? nil : unconfined(option)
    case "--cap-add":
      return unconfined(option)
    case "--device", "--device-cgroup-rule", "--gpus":
      return option.name == "--gpus" ? nil : unconfined(option)
    case "--security-opt":
      return isLoosening(value) ? unconfined(option) : nil
    case "--network", "--net", "--pid", "--ipc", "--userns", "--uts", "--cgroupns":
      return value == "host" ? shared(option) : nil
    case "-v", "--volume":
      return bindSource(volume: value).map { mount(option, $0) }
    case "--mount":
      return bindSource(mount: value).map { mount(option, $0) }
    case "--volumes-from":
      return mount(option, "")
    default:
      return nil
    }
  }

  private static func isLoosening(_ value: String) -> Bool {
    value.hasSuffix("unconfined") || value.hasSuffix("=disable") || value.hasSuffix(":disable")
      || value == "no-new-privileges=false" || value == "no-new-privileges:false"
  }

  private static func unconfined(_ option: ScannedOptions.Option) -> LintHit {
    LintHit(
      .containerPrivileges, at: option.word,
      "\"\(option.name)\" takes away what keeps the container apart from the host. Leave it out.")
  }

  private static func shared(_ option: ScannedOptions.Option) -> LintHit {
    LintHit(
      .containerHostNamespace, at: option.word,
      "\"\(option.name)\" with \"host\" lets the container reach the host's own. "
        + "Leave it out, or give the container one of its own.")
  }

  private static func mount(_ option: ScannedOptions.Option, _ source: String) -> LintHit {
    let message =
      source.hasSuffix(".sock")
      ? "\"\(option.name)\" hands a socket of the host to the container; by that of a container "
        + "daemon it becomes root. Leave it out."
      : "\"\(option.name)\" shows a folder of the host to the container. "
        + "Use a named volume, or the narrowest folder there is, read-only."
    return LintHit(.containerHostMount, at: option.word, message)
  }

  /// The host's side of `SOURCE:TARGET[:OPTIONS]`; a name without a slash is a volume's.
  private static func bindSource(volume value: String) -> String? {
    let isDrive = value.utf8.dropFirst().starts(with: ":\\".utf8)
    guard let source = value.split(separator: ":").first, value.contains(":") else { return nil }
    let isPath = source.first.map { "/.~$%\\".contains($0) } ?? false
    return isPath || isDrive ? String(source) : nil
  }

  private static func bindSource(mount value: String) -> String? {
    let fields = value.split(separator: ",").map { $0.split(separator: "=", maxSplits: 1) }
    func field(_ names: Set<String>) -> String? {
      fields.first { names.contains($0.first.map(String.init) ?? "") }?.dropFirst().first.map(
        String.init)
    }
    guard field(["type"]) == "bind" else { return nil }
    return field(["source", "src"]) ?? ""
  }
}
