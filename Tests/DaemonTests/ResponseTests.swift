import Foundation
import MCPConfig
import Support
import Testing

/// Responding to the real daemon's incidents.
@Suite(.serialized) struct ResponseTests {
  /// Drift that is restored and told.
  private func tamper(_ daemon: RunningDaemon, _ home: String = "alice") throws -> String {
    let count = daemon.incidents.count
    daemon.root.write("home/\(home)/new", Tampering.tampered)
    daemon.root.move("home/\(home)/new", "home/\(home)/.kiro/settings/mcp.json")
    #expect(eventually { daemon.incidents.count > count })
    return try #require(daemon.incidents.last?.value("INCIDENT"))
  }

  private func shown(_ daemon: RunningDaemon, _ id: String) throws -> JSON {
    let found = try daemon.json(["incidents"])["incidents"]?.elements
    return try #require(found?.first { $0["id"]?.string?.text == id })
  }

  private func count(_ daemon: RunningDaemon, _ key: ByteString) throws -> Int? {
    try daemon.json(["status"])["incidents"]?[key]?.integer
  }

  @Test func fromOpenToResolved() throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    let id = try tamper(daemon)
    #expect(try shown(daemon, id)["state"]?.string == "open")
    #expect(try count(daemon, "awaiting") == 1)
    // Nothing stands, and it asks for a response all the same.
    #expect(try count(daemon, "open") == 0)

    #expect(daemon.control(["ack", id, "--note", "it is mine"]).status == 0)
    #expect(eventually { daemon.audits("incident-acknowledged").count == 1 })
    let told = try #require(daemon.audits("incident-acknowledged").first)
    #expect(told.value("INCIDENT") == id && told.value("NOTE") == "it is mine")
    #expect(told.value("ACTOR_UID") == "\(daemon.ownUID)" && told.value("ACTION") == nil)
    #expect(try count(daemon, "awaiting") == 0)
    #expect(try count(daemon, "acknowledged") == 1)

    let again = daemon.control(["ack", id])
    #expect(again.status == 0 && again.output.contains("was so already"))
    #expect(daemon.control(["resolve", id]).status == 2, "a resolution has a note")
    #expect(daemon.control(["resolve", id, "--note", "asked the user"]).status == 0)
    let incident = try shown(daemon, id)
    #expect(incident["state"]?.string == "resolved")
    #expect(incident["acknowledged_note"]?.string == "it is mine")
    #expect(incident["resolved_note"]?.string == "asked the user")
    #expect(incident["resolved_by"]?.string?.text.hasSuffix("(uid \(daemon.ownUID))") == true)
    let trace = daemon.control(["explain", id])
    #expect(trace.output.contains("response   resolved") && trace.output.contains("asked the user"))
    #expect(daemon.audits().filter { $0.value("INCIDENT") == id }.count == 2)
  }

  @Test func anUnknownOneChangesNothing() throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    let id = try tamper(daemon)
    let result = daemon.control(["ack", id, "1-1"])
    #expect(result.status == 2 && result.output.contains("1-1"))
    #expect(try shown(daemon, id)["state"]?.string == "open")
  }

  @Test func manyAtOnce() throws {
    let daemon = RunningDaemon(homes: ["alice", "bob"])
    guard daemon.mayGiveFilesAway else { return }
    daemon.startApproved()
    let alices = try (0..<3).map { _ in try tamper(daemon) }
    let bobs = try tamper(daemon, "bob")
    #expect(daemon.control(["ack", "--all", "--kind", "server-drift"]).output.hasPrefix("0 "))
    let user = try shown(daemon, bobs)["user"]?.string?.text ?? ""
    #expect(daemon.control(["ack", "--all", "--user", user]).output.hasPrefix("1 incident "))
    #expect(try shown(daemon, alices[0])["state"]?.string == "open")
    #expect(
      daemon.control(["resolve", "--all", "--kind", "unauthorized-server", "--note", "a test"])
        .output.hasPrefix("4 incidents "))
    #expect(try count(daemon, "awaiting") == 0)
  }

  /// What someone was told is done stays done, whatever happens to the daemon.
  @Test(arguments: [SIGTERM, SIGKILL]) func itOutlastsTheDaemon(_ signal: Int32) throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    let ids = try (0..<4).map { _ in try tamper(daemon) }
    #expect(daemon.control(["ack", ids[1], ids[2], "--note", "n"]).status == 0)
    #expect(daemon.control(["resolve", ids[2], ids[3], "--note", "n"]).status == 0)
    daemon.signal(signal)
    _ = daemon.wait()
    daemon.start()
    #expect(try count(daemon, "awaiting") == 1)
    #expect(try count(daemon, "acknowledged") == 1)
    #expect(daemon.control(["ack", ids[0]]).output == "1 incident acknowledged\n")
    #expect(daemon.control(["resolve", ids[1], "--note", "n"]).status == 0)
    #expect(daemon.control(["resolve", ids[3], "--note", "n"]).output.contains("was so already"))
  }

  /// What waits is not only counted: it can be found, by its state and by its id.
  @Test func whatWaitsFromBeforeAStartIsListed() throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    let ids = try (0..<3).map { _ in try tamper(daemon) }
    #expect(daemon.control(["ack", ids[1], "--note", "n"]).status == 0)
    #expect(daemon.stop() == 0)
    daemon.start()
    let new = try tamper(daemon)
    func listed(_ arguments: String...) throws -> [String] {
      let found = try daemon.json(["incidents"] + arguments)["incidents"]?.elements
      return (found ?? []).compactMap { $0["id"]?.string?.text }
    }
    #expect(try listed() == [new, ids[2], ids[1], ids[0]])
    #expect(try listed("--state", "open") == [new, ids[2], ids[0]])
    #expect(try listed("--state", "acknowledged") == [ids[1]])
    #expect(try listed("--state", "overdue") == [])
    #expect(try listed("--limit", "2") == [new, ids[2]])
    #expect(try listed("--kind", "unauthorized-server").count == 4)
    #expect(try listed("--kind", "missing-file") == [])
    let old = try shown(daemon, ids[0])
    #expect(old["kinds"]?.elements?.isEmpty == false && old["severity"]?.string == "high")
    for key: ByteString in ["findings", "path", "action", "count"] { #expect(old[key] == nil) }
    #expect(daemon.control(["incidents"]).output.contains("\(ids[0])  unauthorized-server"))

    let trace = daemon.control(["explain", ids[1]])
    #expect(trace.status == 0 && trace.output.contains("response   acknowledged"))
    #expect(trace.output.contains("knows no more") && !trace.output.contains("none was kept"))
    #expect(daemon.control(["ack", ids[0]]).status == 0)
    #expect(daemon.control(["resolve", ids[1], "--note", "n"]).status == 0)
    #expect(try listed("--state", "acknowledged") == [ids[0]])
    guard daemon.mayGiveFilesAway else { return }
    let own = try daemon.json(["incidents"], as: RunningDaemon.uid(0))
    #expect(own["incidents"]?.elements?.count == 4)
    let others = try daemon.json(["incidents"], as: RunningDaemon.uid(5))
    #expect(others["incidents"]?.elements?.isEmpty == true)
  }

  /// What is told together asks for one response, and a storm makes few lines on disk.
  @Test func aStormAsksForFewResponses() throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    for _ in 0..<400 {
      daemon.root.write("home/alice/new", Tampering.tampered)
      daemon.root.move("home/alice/new", RunningDaemon.file)
      #expect(eventually { daemon.isApproved() })
    }
    daemon.signal(SIGTERM)
    #expect(daemon.wait() == 0)
    let told = daemon.incidents
    let times = told.compactMap { $0.value("COUNT").flatMap { Int($0) } }.reduce(0, +)
    #expect(times >= 400 && told.count < 60, "\(told.count) told, \(times) times")
    let lines = (daemon.root.read("var/lib/mcpolicyd/incidents/life.jsonl") ?? "")
      .split(separator: "\n")
    #expect(lines.count == told.count + 1, "a header, and one line for each")
    daemon.start()
    #expect(try count(daemon, "awaiting") == told.count)
    #expect(
      daemon.control(["resolve", "--all", "--user", "nobody", "--note", "n"]).output.hasPrefix("0"))
    #expect(daemon.control(["resolve", "--all", "--note", "a script"]).status == 0)
    #expect(try count(daemon, "awaiting") == 0)
  }

  @Test func whoWatchesSeesEachStep() throws {
    let daemon = RunningDaemon()
    daemon.startApproved()
    let id = try tamper(daemon)
    let output = daemon.root.at("watched")
    let watch = RunningDaemon.spawn(
      ["\(RunningDaemon.products)/mcpolicyctl", "watch", "--root", daemon.root.path],
      stderr: "/dev/null", stdout: output)
    defer { kill(watch, SIGKILL) }
    let text = { (try? String(contentsOfFile: output, encoding: .utf8)) ?? "" }
    // Drift until the watch is on.
    #expect(
      eventually {
        _ = try? tamper(daemon)
        return text().contains("unauthorized-server")
      })
    #expect(daemon.control(["ack", id, "--note", "seen"]).status == 0)
    #expect(eventually { text().contains("\(id) by ") })
    #expect(text().contains(" acknowledged high ") && text().contains(": seen\n"))
  }

  /// One's own responses are seen, and others' are not.
  @Test func aUserSeesTheirOwn() throws {
    let daemon = RunningDaemon(homes: ["alice", "bob"])
    guard daemon.mayGiveFilesAway else { return }
    daemon.startApproved()
    let id = try tamper(daemon)
    #expect(daemon.control(["ack", id]).status == 0)
    let own = try daemon.json(["explain", id], as: RunningDaemon.uid(0))
    #expect(own["incident"]?["state"]?.string == "acknowledged")
    #expect(daemon.control(["explain", id], as: RunningDaemon.uid(1)).status == 2)
    #expect(daemon.control(["ack", id], as: RunningDaemon.uid(0)).status == 4)
  }
}
