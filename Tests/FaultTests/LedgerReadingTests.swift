import Foundation
import Ledger
import Linux
import MCPConfig
import Support
import Testing

/// A long ledger, and peers that read it as they like.
@Suite(.serialized, .timeLimit(.minutes(3))) struct LedgerReadingTests {
  private static let count = 20_000

  /// A daemon with a ledger of some ten million bytes.
  private func started() throws -> RunningDaemon {
    let daemon = RunningDaemon()
    daemon.root.makeFolder(RunningDaemon.ledger, mode: 0o700)
    let writer = try LedgerWriter(
      path: FilePath(daemon.root.at(RunningDaemon.ledger)), host: "host", retentionDays: 400)
    for number in 0..<Self.count {
      while writer.waiting > 2000 { usleep(1000) }
      writer.append(
        .incident, ["n": .int(number), "text": .text(String(repeating: "\"x", count: 100))])
    }
    #expect(writer.finish(seconds: 60) == 0 && writer.dropped == 0)
    daemon.startApproved()
    return daemon
  }

  @Test func everyLineComes() throws {
    let daemon = try started()
    let lines = daemon.control(["ledger", "show"]).output.split(separator: "\n")
    #expect(lines.count >= Self.count + 4)
    #expect(lines.prefix(Self.count).last?.contains(#""n": \#(Self.count - 1),"#) == true)
    #expect(daemon.stop() == 0)
  }

  /// One that doesn't read holds nobody up and takes no memory; when it reads, it gets all.
  @Test func aSlowReaderIsWaitedFor() throws {
    let daemon = try started()
    let before = residentSize(daemon)
    let socket = FilePath(daemon.root.at("run/mcpolicyd/control.sock"))
    let readers = try (0..<2).map { _ in try Reader(socket) }
    for _ in 0..<5 {
      let drift = MarkedDrift()
      drift.apply(to: daemon.root)
      #expect(eventually { daemon.isApproved() && daemon.hasTold(drift) })
    }
    // One user leaves half of the places to others, which is said.
    let third = daemon.control(["ledger", "show"])
    #expect(third.status == 5 && third.output.contains("busy: you read the ledger"), "\(third)")
    #expect(residentSize(daemon) - before < 32 << 20)
    #expect(readers[0].lineCount() >= Self.count + 4)
    // Those who go give their place back.
    #expect(eventually { daemon.control(["ledger", "show"]).status == 0 })
    #expect(readers[1].lineCount() >= Self.count + 4)
    #expect(daemon.stop() == 0)
  }

  private func residentSize(_ daemon: RunningDaemon) -> Int {
    let text =
      (try? String(contentsOfFile: "/proc/\(daemon.processID)/statm", encoding: .utf8)) ?? ""
    return (text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 4096
  }

  /// A peer that has asked, and reads when it is told to.
  private final class Reader {
    private let socket: Descriptor

    init(_ path: FilePath) throws {
      socket = try Descriptor.connect(to: path, timeout: 30)
      try socket.sendAll(Array(#"{"method":"io.mcpolicyd.ReadLedger","more":true}"#.utf8) + [0])
    }

    func lineCount() -> Int {
      var message: [UInt8] = []
      var count = 0
      while let bytes = try? socket.readSome(upTo: 1 << 16), !bytes.isEmpty {
        for byte in bytes {
          if byte != 0 {
            message.append(byte)
            continue
          }
          guard let reply = try? JSON(parsing: message, limits: Self.limits) else { return count }
          count += reply["parameters"]?["lines"]?.elements?.count ?? 0
          guard reply["continues"]?.bool == true else { return count }
          message = []
        }
      }
      return count
    }

    private static let limits: JSONLimits = {
      var limits = JSONLimits()
      limits.values = 1 << 20
      return limits
    }()
  }
}
