import MCPConfig
import Testing

@testable import Policy

/// Command lines and the rules that they break, each as `RULE@WORD`, where word 0 is the command.
@Suite struct LintCommandTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var line: String
    var hits: String

    init(_ line: String, _ hits: String = "") {
      self.line = line
      self.hits = hits
    }

    var testDescription: String { line }
  }

  private func hits(_ line: String) throws -> String {
    let words = line.split(separator: " ").map { JSON.text(String($0)) }
    let command = try #require(words.first)
    let root: JSON = [
      "mcpServers": ["s": ["command": command, "args": .array(Array(words.dropFirst()))]]
    ]
    let text = root.prettyForm
    return ApprovalLint.warnings(on: try ConfigDocument(parsing: text), text: text)
      .filter { $0.rule != .commandByPath && $0.rule != .literalSecret }
      .map { warning in
        let word =
          warning.field == "command"
          ? "0" : String((Int(warning.field.filter(\.isNumber)) ?? -2) + 1)
        return "\(warning.rule.rawValue)@\(word)"
      }
      .joined(separator: " ")
  }

  static let npm = [
    Row("npx -y pkg", "unpinned-package@2"), Row("npx -y pkg@1.2.3"), Row("npx pkg@1.2.3-beta.1"),
    Row("npx pkg@latest", "unpinned-package@1"), Row("npx pkg@next", "unpinned-package@1"),
    Row("npx pkg@^1.2.3", "unpinned-package@1"), Row("npx pkg@1.2", "unpinned-package@1"),
    Row("npx pkg@1.x.0", "unpinned-package@1"), Row("npx pkg@", "unpinned-package@1"),
    Row("npx pkg@${VERSION}", "unpinned-package@1"), Row("npx @scope/pkg", "unpinned-package@1"),
    Row("npx @scope/pkg@1.2.3"), Row("npx -y @scope/pkg@latest", "unpinned-package@2"),
    Row("npx --yes @scope/pkg@1.2.3 --registry=x /srv"), Row("npx pkg@1.2.3 -c code"),
    Row("npx -y pkg@1.2.3 other-package"), Row("npx alias@npm:pkg@1.2.3"),
    Row("npx alias@npm:pkg@latest", "unpinned-package@1"), Row("npx ./server"),
    Row("npx /opt/server"),
    Row("npx -p pkg@1.2.3 cmd"), Row("npx --package=pkg@1.2.3 cmd"),
    Row("npx -p pkg cmd", "unpinned-package@2"),
    Row("npx --package pkg@1.2.3 -p other cmd", "unpinned-package@4"),
    Row("npx -c run", "shell@1"), Row("npx -yc run", "shell@1"), Row("npx --call=run", "shell@1"),
    Row("npx --registry https://r.example pkg@1.2.3", "runner-redirect@1"),
    Row("npx --registry=https://r.example pkg@1.2.3", "runner-redirect@1"),
    Row("npx --regi https://r.example pkg@1.2.3", "runner-redirect@1"),
    Row("npx --@acme:registry=https://r.example @acme/pkg@1.2.3", "runner-redirect@1"),
    Row("npx --userconfig /tmp/npmrc pkg@1.2.3", "runner-redirect@1"),
    Row("npx --node-options=--require=/tmp/x.js pkg@1.2.3", "runner-redirect@1"),
    Row("npx github:user/repo", "runner-redirect@1 unpinned-package@1"),
    Row("npx user/repo", "runner-redirect@1 unpinned-package@1"),
    Row(
      "npx user/repo#0123456789abcdef0123456789abcdef01234567", "runner-redirect@1"),
    Row("npx https://a.example/p.tgz", "runner-redirect@1 unpinned-package@1"),
    Row("npx -- pkg", "unpinned-package@2"), Row("npx --loglevel silent pkg@1.2.3"),
    Row("npx"), Row("C:\\node\\npx.cmd pkg", "unpinned-package@1"),
    Row("/usr/bin/npx pkg", "unpinned-package@1"), Row("/opt/日本/npx pkg", "unpinned-package@1"),
    Row("npm exec pkg", "unpinned-package@2"), Row("npm x -- pkg@1.2.3 --registry=x"),
    Row("npm exec pkg@1.2.3 --registry=x", "runner-redirect@3"),
    Row("npm --registry x exec pkg@1.2.3", "runner-redirect@1"), Row("npm start"),
    Row("npm run exec"),
    Row("pnpm dlx pkg", "unpinned-package@2"), Row("pnpm dlx -c pkg@1.2.3", "shell@2"),
    Row("pnpm start"), Row("yarn dlx pkg@2.0.0"), Row("yarn dlx -p pkg cmd", "unpinned-package@3"),
    Row("bunx pkg", "unpinned-package@1"), Row("bunx --bun pkg@1.2.3"),
    Row("bun x pkg@latest", "unpinned-package@2"), Row("bun run server.ts"),
    Row("node /opt/server.js"), Row("node -e code", "inline-code@1"),
    Row("node --require /opt/a.js /opt/b.js -e x"),
    Row("node -r /opt/a.js --eval code", "inline-code@3"),
    Row("deno eval code", "inline-code@1"), Row("deno run server.ts"),
  ]

  static let python = [
    Row("uvx pkg", "unpinned-package@1"), Row("uvx pkg@1.2.3"), Row("uvx pkg==1.2.3"),
    Row("uvx pkg[extra]==1.2"), Row("uvx pkg@latest", "unpinned-package@1"),
    Row("uvx pkg>=1.2", "unpinned-package@1"), Row("uvx pkg==1.*", "unpinned-package@1"),
    Row("uvx --python 3.12 pkg@1.2.3"), Row("uvx -p 3.12 pkg", "unpinned-package@3"),
    Row("uvx --from pkg==1.2.3 cmd"), Row("uvx --from pkg cmd", "unpinned-package@2"),
    Row("uvx --from=pkg@1.2.3 cmd --index-url x"), Row("uvx --from . cmd"),
    Row(
      "uvx --from git+https://g.example/r cmd", "runner-redirect@2 unpinned-package@2"),
    Row(
      "uvx --from git+https://g.example/r@0123456789abcdef0123456789abcdef01234567 cmd",
      "runner-redirect@2"),
    Row("uvx --from git+https://g.example/r@main cmd", "runner-redirect@2 unpinned-package@2"),
    Row("uvx --with other==1 pkg==1.2.3", "runner-redirect@1"),
    Row("uvx --with other pkg==1.2.3", "runner-redirect@1 unpinned-package@2"),
    Row("uvx --index-url https://r.example pkg==1", "runner-redirect@1"),
    Row("uvx -i https://r.example pkg==1", "runner-redirect@1"),
    Row("uvx -ihttps://r.example pkg==1", "runner-redirect@1"),
    Row("uvx --index https://r.example pkg==1", "runner-redirect@1"),
    Row("uvx --default-index=https://r.example pkg==1", "runner-redirect@1"),
    Row("uvx --extra-index-url https://r.example pkg==1", "runner-redirect@1"),
    Row("uvx --offline --no-cache pkg==1"), Row("uvx --refresh-package x --verbose pkg==1.2.3"),
    Row("uv tool run pkg", "unpinned-package@3"), Row("uv tool run pkg@1.0"),
    Row("uv --directory /opt/x run server.py"),
    Row("uv run --with other==1 server.py", "runner-redirect@2"),
    Row("uv --index https://r.example tool run pkg==1", "runner-redirect@1"), Row("uv sync"),
    Row("uvx python -m http.server"), Row("pipx run pkg", "unpinned-package@2"),
    Row("pipx run pkg==1.2.3"), Row("pipx run --spec pkg==1.2.3 cmd"),
    Row("pipx run --spec git+https://g.example/r cmd", "runner-redirect@3 unpinned-package@3"),
    Row("pipx run --pip-args x pkg==1", "runner-redirect@2"), Row("pipx install pkg"),
    Row("python3 /opt/server.py -c x"), Row("python3 -m pkg -c x"),
    Row("python3.12 -c x", "inline-code@1"),
    Row("python -u -c x", "inline-code@2"), Row("pythonista -c x"),
    Row("perl -ne code", "inline-code@1"),
  ]

  static let shells = [
    Row("sh -c x", "shell@1"), Row("/bin/bash -lc x", "shell@1"),
    Row("bash -o pipefail -c x", "shell@3"),
    Row("bash /opt/start.sh -c x"), Row("bash --norc -c x", "shell@2"), Row("zsh"),
    Row("cmd /c npx pkg", "shell@1 unpinned-package@3"),
    Row("cmd.exe /C npx -y pkg@1.2.3", "shell@1"),
    Row("cmd /d/s/c x", "shell@1"), Row("cmd /q"), Row("powershell -Command x", "shell@1"),
    Row("pwsh -c x", "shell@1"), Row("pwsh -EncodedCommand x", "shell@1"),
    Row("powershell -ExecutionPolicy Bypass -File c:\\x.ps1"),
    Row("powershell -NoProfile -ExecutionPolicy Bypass -Com x", "shell@4"),
    Row("pwsh /opt/x.ps1 -Command x"), Row("pwsh -File /opt/x.ps1 -Command x"),
    Row("env npx pkg", "unpinned-package@2"), Row("env -i A=b npx pkg@1.2.3"),
    Row("env NODE_OPTIONS=x npx pkg@1.2.3", "execution-environment@1"),
    Row("env -S npx", "shell@1"), Row("busybox sh -c x", "shell@2"),
    Row("./server", "relative-command@0"), Row("bin/server", "relative-command@0"),
    Row("~/server", "relative-command@0"), Row("${BIN}/server", "relative-command@0"),
    Row("/opt/server"), Row("C:\\server.exe"), Row("server"),
    Row("/opt/server http://a.example/x", "plain-http@1"), Row("/opt/server http://localhost:8/x"),
    Row("/opt/server --url=http://a.example", "plain-http@1"), Row("/opt/server https://a.example"),
    Row("/opt/server note=http://a.example"),
  ]

  static let containers = [
    Row("docker run -i --rm img", "unpinned-package@4"),
    Row("docker run img:latest", "unpinned-package@2"),
    Row("docker run -i img:1.2"), Row("docker run r.example:5000/img", "unpinned-package@2"),
    Row("docker run r.example:5000/img:1"),
    Row("docker run img --privileged -v /:/x", "unpinned-package@2"),
    Row(
      "docker run img@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"),
    Row("docker run --privileged img:1", "container-privileges@2"),
    Row("docker run --privileged=false img:1"),
    Row("docker run --cap-add SYS_ADMIN img:1", "container-privileges@2"),
    Row("docker run --cap-drop ALL img:1"),
    Row("docker run --security-opt seccomp=unconfined img:1", "container-privileges@2"),
    Row("docker run --security-opt no-new-privileges img:1"),
    Row("docker run --device=/dev/sda img:1", "container-privileges@2"),
    Row("docker run -v /:/host img:1", "container-host-mount@2"),
    Row("docker run -v/var/run/docker.sock:/s img:1", "container-host-mount@2"),
    Row("docker run -itv /srv:/srv img:1", "container-host-mount@2"),
    Row("docker run --volume=${HOME}:/h img:1", "container-host-mount@2"),
    Row("docker run -v data:/data img:1"), Row("docker run -v /data img:1"),
    Row("docker run -v C:\\Users:/u img:1", "container-host-mount@2"),
    Row("docker run --mount type=bind,src=/srv,dst=/srv img:1", "container-host-mount@2"),
    Row("docker run --mount type=volume,src=data,dst=/d img:1"),
    Row("docker run --network host img:1", "container-host-namespace@2"),
    Row("docker run --net=host img:1", "container-host-namespace@2"),
    Row("docker run --pid host img:1", "container-host-namespace@2"),
    Row("docker run --network none img:1"), Row("docker run -e host -p 80:80 -w /x img:1"),
    Row("docker run --name s -e TOKEN img:1"),
    Row("docker -H tcp://h run img:1", "runner-redirect@1"),
    Row("docker container run img", "unpinned-package@3"),
    Row("podman run --userns=host img:1", "container-host-namespace@2"),
    Row("docker exec -i c sh"), Row("docker ps"), Row("docker"),
  ]

  @Test(arguments: npm + python + shells + containers)
  func commandLine(_ row: Row) throws {
    #expect(try hits(row.line) == row.hits)
  }
}
