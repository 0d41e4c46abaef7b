import Glibc
import Linux
import Policy
import Support
import Testing

@testable import Enforcement

@Suite struct AccountDirectoryTests {
  private let root = TemporaryRoot()

  private func directory(isThrowaway: Bool = true) -> AccountDirectory {
    AccountDirectory(root: FilePath(root.path), isThrowaway: isThrowaway, ownUID: 4_000_000)
  }

  init() {
    root.makeFolder("etc")
    root.write("etc/passwd", "root:x:0:0::/root:/bin/sh\nalice:x:61001:61001::/home/a:/bin/sh\n")
    root.write("etc/group", "staff:x:61001:\nplatform:x:61002:bob,alice\nother:x:61003:bob\n")
  }

  @Test func namesAHomesUserWithItsGroups() {
    var directory = directory()
    let user = directory.knownUser(ofHome: "folder", uid: 61001, wantsGroups: true)
    #expect(user?.name == "alice")
    #expect(user?.groups == ["staff", "platform"])
    let withoutGroups = directory.knownUser(ofHome: "folder", uid: 61001, wantsGroups: false)
    #expect(withoutGroups?.groups == [])
  }

  @Test func inAThrowawayRootTheFolderNamesAStranger() {
    var directory = directory()
    for uid: UInt32 in [4_000_000, 4_000_001] {
      let user = directory.knownUser(ofHome: "carol", uid: uid, wantsGroups: true)
      #expect(user?.name == "carol")
    }
  }

  @Test func onAHostAStrangersAndRootsFoldersAreNoHomes() {
    var directory = directory(isThrowaway: false)
    for (uid, name) in [(0, nil), (4_000_001, nil), (61001, "alice")] as [(UInt32, String?)] {
      let user = directory.knownUser(ofHome: "folder", uid: uid, wantsGroups: false)
      #expect(user?.name == name)
    }
  }

  @Test func followsAccountsAndGroups() {
    var directory = directory()
    var changed = directory.reloadIfChanged()
    #expect(!changed)
    root.write("etc/group", "platform:x:61002:\n")
    changed = directory.reloadIfChanged()
    #expect(changed)
    var user = directory.knownUser(ofHome: "a", uid: 61001, wantsGroups: true)
    #expect(user?.groups == [])
    root.remove("etc/passwd")
    changed = directory.reloadIfChanged()
    #expect(changed)
    user = directory.knownUser(ofHome: "a", uid: 61001, wantsGroups: true)
    #expect(user?.name == "a")
  }

  @Test func whoIsUnknownIsAskedOfNSS() throws {
    var directory = directory(isThrowaway: false)
    guard case .ask(known: nil) = directory.owner(ofHome: "x", uid: 1, wantsGroups: false) else {
      Issue.record("NSS must be asked, and not here")
      return
    }
    directory.take(AccountAnswer(1), of: 1)
    guard case .user(let user) = directory.owner(ofHome: "x", uid: 1, wantsGroups: true) else {
      Issue.record("uid 1 has an account")
      return
    }
    #expect(user.uid == 1)
    #expect(!user.groups.isEmpty)
  }

  @Test func anNSSThatFailsIsNoAnswer() {
    var directory = directory(isThrowaway: false)
    directory.take(AccountAnswer(1), of: 1)
    var failed = AccountAnswer(1)
    failed.account = nil
    failed.error = SystemError("getpwuid", errno: EIO)
    directory.take(failed, of: 1)
    let user = directory.knownUser(ofHome: "x", uid: 1, wantsGroups: false)
    #expect(user != nil)
  }
}

extension AccountDirectory {
  /// Nil where there is no user, or none known yet.
  fileprivate mutating func knownUser(
    ofHome name: FilePath, uid: UInt32, wantsGroups: Bool
  ) -> UserIdentity? {
    if case .user(let user) = owner(ofHome: name, uid: uid, wantsGroups: wantsGroups) {
      user
    } else {
      nil
    }
  }
}
