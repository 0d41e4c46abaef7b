import Linux
import MCPConfig
import Testing

@testable import Control

/// What a peer that is slow, gone, silent or too many can and can't do.
@Suite struct BoundsTests {
  private let status = Array(#"{"method":"io.mcpolicyd.Status"}"#.utf8) + [0]

  // MARK: Going away

  @Test func thePeerLeavesDuringADeferredReply() throws {
    let rig = try Rig()
    var peer: TestPeer? = try rig.connect()
    try peer?.call("io.mcpolicyd.ListTargets")
    rig.work()
    let responder = rig.service.calls[0].responder
    var closed = 0
    responder.onClose = { closed += 1 }
    #expect(responder.isOpen)
    peer = nil
    rig.work()
    #expect(closed == 1)
    #expect(!responder.isOpen)
    responder.reply(["targets": []])
    responder.fail(.failed("late"))
    rig.work()
    #expect(closed == 1)
    #expect(rig.server.connectionCount == 0)
  }

  @Test func thePeerLeavesWithHalfACall() throws {
    let rig = try Rig()
    var peer: TestPeer? = try rig.connect()
    try peer?.send(Array(status.prefix(10)))
    rig.work()
    #expect(rig.server.connectionCount == 1)
    peer = nil
    rig.work()
    #expect(rig.server.connectionCount == 0)
    #expect(rig.service.calls.isEmpty)
  }

  @Test func callsSentBeforeLeavingAreDone() throws {
    let rig = try Rig()
    var peer: TestPeer? = try rig.connect(as: .admin)
    for _ in 0..<10 { try peer?.call("io.mcpolicyd.Sweep", flags: #","oneway":true"#) }
    peer = nil
    for _ in 0..<20 {
      rig.work(rounds: 1)
      for call in rig.service.calls { call.responder.reply([:]) }
    }
    #expect(rig.service.calls.count >= 1)
    #expect(rig.server.connectionCount == 0)
  }

  @Test func aPeerThatFinishedSendingStillGetsItsReplies() throws {
    let rig = try Rig()
    let peer = try rig.connect()
    try peer.send(status)
    try peer.call("io.mcpolicyd.ListTargets")
    try peer.send(status)
    peer.finishSending()
    #expect(try rig.reply(to: peer)["parameters"]?["state"] != nil)
    rig.work()
    rig.service.calls[0].responder.reply(["targets": []])
    #expect(try rig.reply(to: peer)["parameters"]?["targets"] != nil)
    #expect(try rig.reply(to: peer)["parameters"]?["state"] != nil)
    rig.work()
    #expect(peer.isClosed())
  }

  // MARK: Not reading

  @Test func aWatcherThatNeverReadsIsDropped() throws {
    let rig = try Rig()
    let peer = try rig.connect()
    try peer.call("io.mcpolicyd.WatchIncidents", flags: #","more":true"#)
    rig.work()
    let responder = rig.service.calls[0].responder
    var closed = false
    responder.onClose = { closed = true }
    let incident: JSON = ["incident": ["message": .text(String(repeating: "i", count: 1000))]]
    var sent = 0
    while responder.isOpen, sent < 10_000 {
      responder.continueWith(incident)
      sent += 1
    }
    // The socket's buffer and the bound, which is about 1,000 incidents of this size.
    #expect(sent > 1000 && sent < 5000)
    #expect(!closed, "the service is not called back while it answers")
    rig.work()
    #expect(closed)
    #expect(rig.server.connectionCount == 0)
  }

  @Test func aWatcherThatReadsStays() throws {
    let rig = try Rig()
    let peer = try rig.connect()
    try peer.call("io.mcpolicyd.WatchIncidents", flags: #","more":true"#)
    rig.work()
    let responder = rig.service.calls[0].responder
    let incident: JSON = ["incident": ["message": .text(String(repeating: "i", count: 1000))]]
    for _ in 0..<5000 {
      responder.continueWith(incident)
      _ = try rig.reply(to: peer)
      rig.pass(seconds: 1)
    }
    #expect(responder.isOpen)
  }

  @Test func aReplyThatNobodyReadsEndsTheConnection() throws {
    let rig = try Rig()
    let peer = try rig.connect()
    try peer.call("io.mcpolicyd.ListTargets")
    rig.work()
    rig.service.calls[0].responder.reply(["t": .text(String(repeating: "t", count: 2 << 20))])
    rig.work()
    rig.pass(seconds: 29)
    #expect(rig.server.connectionCount == 1)
    rig.pass(seconds: 2)
    #expect(rig.server.connectionCount == 0)
  }

  @Test func callsOfAPeerThatDoesntReadWait() throws {
    let rig = try Rig()
    let peer = try rig.connect()
    try peer.call("io.mcpolicyd.ListTargets")
    try peer.call("io.mcpolicyd.ListTargets")
    rig.work()
    rig.service.calls[0].responder.reply(["t": .text(String(repeating: "t", count: 2 << 20))])
    rig.work()
    #expect(rig.service.calls.count == 1)
    _ = try rig.reply(to: peer)
    rig.work()
    #expect(rig.service.calls.count == 2)
  }

  // MARK: Silence

  @Test func idlePeersAreDropped() throws {
    let rig = try Rig()
    let peer = try rig.connect()
    #expect(rig.server.nextDeadline == rig.now.advanced(bySeconds: 30))
    rig.pass(seconds: 20)
    try peer.send(status)
    _ = try rig.reply(to: peer)
    rig.work()
    #expect(rig.server.nextDeadline == rig.now.advanced(bySeconds: 30))
    rig.pass(seconds: 29)
    #expect(rig.server.connectionCount == 1)
    rig.pass(seconds: 1)
    #expect(rig.server.connectionCount == 0)
    #expect(peer.isClosed())
    #expect(rig.server.nextDeadline == nil)
  }

  @Test func dribblingACallDoesntKeepTheConnection() throws {
    let rig = try Rig()
    let peer = try rig.connect()
    for byte in status.prefix(29) {
      try peer.send([byte])
      rig.pass(seconds: 1)
    }
    #expect(rig.server.connectionCount == 1)
    try peer.send([status[29]])
    rig.pass(seconds: 1)
    #expect(rig.server.connectionCount == 0)
  }

  @Test func aPeerWhoseCallIsHandledMayWait() throws {
    let rig = try Rig()
    let peer = try rig.connect()
    try peer.call("io.mcpolicyd.ListTargets")
    rig.work()
    #expect(rig.server.nextDeadline == nil)
    rig.pass(seconds: 10_000)
    rig.service.calls[0].responder.reply(["targets": []])
    #expect(try rig.reply(to: peer)["parameters"]?["targets"] != nil)
    rig.work()
    #expect(rig.server.nextDeadline == rig.now.advanced(bySeconds: 30))
  }

  @Test func aCallThatWaitsForItsTurnDoesntGrowWithoutBound() throws {
    let rig = try Rig()
    let peer = try rig.connect(as: .admin)
    try peer.call("io.mcpolicyd.ListTargets")
    rig.work()
    let junk = [UInt8](repeating: 0x20, count: 1 << 16)
    var sent = 0
    for _ in 0..<200 {
      sent += try peer.send(junk)
      rig.work(rounds: 1)
    }
    // The server's bound and what the socket's buffer holds.
    #expect(sent < 2 << 20)
  }

  // MARK: Too many

  @Test func connectionsOfOneUIDAreBounded() throws {
    let rig = try Rig()
    var peers: [TestPeer] = []
    for _ in 0..<20 { peers.append(try rig.connect(as: .user)) }
    #expect(rig.server.connectionCount == 16)
    #expect(rig.server.refused == 4)
    #expect(peers[19].isClosed())
    let other = try rig.connect(as: .user(1500))
    try other.send(status)
    _ = try rig.reply(to: other)
    peers.removeFirst()
    rig.work()
    _ = try rig.connect(as: .user)
    #expect(rig.server.refused == 4)
  }

  @Test func aFloodLeavesRoomForThoseWhoReadAndChange() throws {
    let rig = try Rig()
    var peers: [TestPeer] = []
    for number in 0..<300 { peers.append(try rig.connect(as: .user(2000 + UInt32(number)))) }
    #expect(rig.server.connectionCount == 256)
    for actor in [ControlActor.auditor, .admin, .root, .daemon] {
      let peer = try rig.connect(as: actor)
      try peer.send(status)
      #expect(try rig.reply(to: peer)["parameters"]?["state"]?.string == "ok")
    }
    #expect(rig.server.refused == 44)
  }

  @Test func theRealPeerIsIdentified() throws {
    let folder = try TemporaryFolder()
    let service = FakeService()
    let server = try ControlServer(
      at: folder.socket, roles: .ofThisHost(), info: .sample, service: service)
    let peer = try TestPeer(try Descriptor.connect(to: folder.socket))
    try peer.call("io.mcpolicyd.Sweep")
    for _ in 0..<10 { server.processReady(now: .now) }
    let call = try #require(service.calls.first)
    #expect(call.role == .admin)
    #expect(call.actor.pid > 0)
    #expect(call.actor.uid == Roles.ofThisHost().daemonUID)
  }
}
