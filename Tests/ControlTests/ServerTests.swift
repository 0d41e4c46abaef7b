import Linux
import MCPConfig
import Testing

@testable import Control

/// One peer and its calls.
@Suite struct ServerTests {
  private let status = Array(#"{"method":"io.mcpolicyd.Status"}"#.utf8) + [0]

  @Test func answers() throws {
    let rig = try Rig()
    let peer = try rig.connect()
    try peer.send(status)
    #expect(try rig.reply(to: peer)["parameters"]?["state"]?.string == "ok")
  }

  @Test func aCallInPieces() throws {
    let rig = try Rig()
    let peer = try rig.connect()
    for byte in status {
      #expect(try peer.nextMessage() == nil)
      try peer.send([byte])
      rig.work(rounds: 2)
    }
    #expect(try rig.reply(to: peer)["parameters"]?["state"]?.string == "ok")
  }

  @Test func pipelinedCallsAreAnsweredInOrder() throws {
    let rig = try Rig()
    let peer = try rig.connect()
    try peer.call("io.mcpolicyd.ListTargets")
    for _ in 0..<20 { try peer.send(status) }
    rig.work()
    #expect(rig.service.calls.count == 1)
    #expect(try peer.nextMessage() == nil)
    rig.service.calls[0].responder.reply(["targets": []])
    #expect(try rig.reply(to: peer)["parameters"]?["targets"] != nil)
    for _ in 0..<20 {
      #expect(try rig.reply(to: peer)["parameters"]?["state"]?.string == "ok")
    }
  }

  @Test func aRoundHandlesFewCallsOfOnePeer() throws {
    let rig = try Rig()
    let greedy = try rig.connect()
    for _ in 0..<50 { try greedy.send(status) }
    rig.work(rounds: 2)
    var answered = 0
    while try greedy.nextMessage() != nil { answered += 1 }
    #expect(answered > 0 && answered <= 8)
  }

  @Test func oneWayCallsGetNoReply() throws {
    let rig = try Rig()
    let peer = try rig.connect()
    try peer.call("io.mcpolicyd.ListTargets", flags: #","oneway":true"#)
    try peer.call("io.mcpolicyd.Sweep", flags: #","oneway":true"#)
    rig.work()
    rig.service.calls[0].responder.reply(["targets": []])
    try peer.send(status)
    #expect(try rig.reply(to: peer)["parameters"]?["state"]?.string == "ok")
    #expect(rig.service.calls.count == 1)
  }

  @Test func streamsUntilTheLastReply() throws {
    let rig = try Rig()
    let peer = try rig.connect()
    try peer.call("io.mcpolicyd.WatchIncidents", flags: #","more":true"#)
    rig.work()
    let responder = rig.service.calls[0].responder
    for number in 1...3 {
      responder.continueWith(["incident": ["id": .int(number)]])
      let reply = try rig.reply(to: peer)
      #expect(reply["continues"]?.bool == true)
      #expect(reply["parameters"]?["incident"]?["id"]?.integer == number)
    }
    responder.reply([:])
    #expect(try rig.reply(to: peer)["continues"] == nil)
    #expect(!responder.isOpen)
    try peer.send(status)
    #expect(try rig.reply(to: peer)["parameters"]?["state"]?.string == "ok")
  }

  @Test func repliesToACallWithoutMoreDontContinue() throws {
    let rig = try Rig()
    let peer = try rig.connect()
    try peer.call("io.mcpolicyd.ListTargets")
    rig.work()
    rig.service.calls[0].responder.continueWith(["targets": []])
    rig.service.calls[0].responder.reply(["targets": [1]])
    #expect(try rig.reply(to: peer)["parameters"]?["targets"]?.elements?.count == 1)
  }

  @Test func onlyTheFirstAnswerCounts() throws {
    let rig = try Rig()
    let peer = try rig.connect()
    try peer.call("io.mcpolicyd.ListTargets")
    rig.work()
    let responder = rig.service.calls[0].responder
    responder.fail(.failed("no"))
    responder.reply(["targets": []])
    responder.fail(.failed("again"))
    #expect(try rig.reply(to: peer)["error"]?.string == "io.mcpolicyd.Failed")
    try peer.send(status)
    #expect(try rig.reply(to: peer)["parameters"]?["state"]?.string == "ok")
  }

  @Test func aDroppedCallFails() throws {
    let rig = try Rig()
    let peer = try rig.connect()
    try peer.call("io.mcpolicyd.ListTargets")
    rig.work()
    rig.service.calls.removeAll()
    #expect(try rig.reply(to: peer)["error"]?.string == "io.mcpolicyd.Failed")
  }

  @Test func errorsLeaveTheConnectionInUse() throws {
    let rig = try Rig()
    let peer = try rig.connect()
    try peer.call("io.mcpolicyd.Sweep")
    let refusal = try rig.reply(to: peer)
    #expect(refusal["error"]?.string == "io.mcpolicyd.NotAllowed")
    #expect(refusal["parameters"]?["needs"]?.string == "root or group mcpolicy-admin")
    try peer.call("io.mcpolicyd.Nothing")
    #expect(try rig.reply(to: peer)["error"]?.string == "org.varlink.service.MethodNotFound")
    try peer.send(status)
    #expect(try rig.reply(to: peer)["parameters"]?["state"]?.string == "ok")
  }

  @Test func whatIsNoCallEndsTheConnection() throws {
    let rig = try Rig()
    let peer = try rig.connect()
    try peer.send(Array("{]\0".utf8) + status)
    let reply = try rig.reply(to: peer)
    #expect(reply["error"]?.string == "io.mcpolicyd.Invalid")
    #expect(reply["parameters"]?["column"]?.integer == 2)
    rig.work()
    #expect(peer.isClosed())
    #expect(rig.server.connectionCount == 0)
  }

  @Test(arguments: [(ControlActor.user, false), (.auditor, false), (.admin, true), (.root, true)])
  func onlyAdminsSendMuch(_ actor: ControlActor, _ taken: Bool) throws {
    let rig = try Rig()
    let peer = try rig.connect(as: actor)
    let content = String(repeating: "x", count: 200_000)
    var rest =
      Array(#"{"method":"io.mcpolicyd.Approve","parameters":{"content":"\#(content)"}}"#.utf8)[...]
    rest.append(0)
    for _ in 0..<100 where !rest.isEmpty {
      // A peer that was cut off gets EPIPE; its reply is there all the same.
      guard let sent = try? peer.send(Array(rest)) else { break }
      rest = rest.dropFirst(sent)
      rig.work(rounds: 4)
    }
    if taken {
      #expect(
        rig.service.calls.first?.request
          == .approve(content: ByteString(content), note: nil, file: nil))
    } else {
      #expect(try rig.reply(to: peer)["error"]?.string == "io.mcpolicyd.Invalid")
      #expect(rig.service.calls.isEmpty)
      rig.work()
      #expect(peer.isClosed())
    }
  }

  @Test func aLargeReplyArrivesWhole() throws {
    let rig = try Rig()
    let peer = try rig.connect()
    try peer.call("io.mcpolicyd.ListTargets")
    rig.work()
    let text = String(repeating: "t", count: 3 << 20)
    rig.service.calls[0].responder.reply(["targets": [.text(text)]])
    #expect(
      try rig.reply(to: peer)["parameters"]?["targets"]?.elements?.first?.string?.bytes.count
        == 3 << 20)
  }
}
