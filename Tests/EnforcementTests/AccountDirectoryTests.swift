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
    let user = directory.user(ofHome: "folder", uid: 61001, wantsGroups: true)
    #expect(user?.name == "alice")
    #expect(user?.groups == ["staff", "platform"])
    let withoutGroups = directory.user(ofHome: "folder", uid: 61001, wantsGroups: false)
    #expect(withoutGroups?.groups == [])
  }

  @Test func inAThrowawayRootTheFolderNamesAStranger() {
    var directory = directory()
    for uid: UInt32 in [4_000_000, 4_000_001] {
      let user = directory.user(ofHome: "carol", uid: uid, wantsGroups: true)
      #expect(user?.name == "carol")
    }
  }

  @Test func onAHostAStrangersAndRootsFoldersAreNoHomes() {
    var directory = directory(isThrowaway: false)
    for (uid, name) in [(0, nil), (4_000_001, nil), (61001, "alice")] as [(UInt32, String?)] {
      let user = directory.user(ofHome: "folder", uid: uid, wantsGroups: false)
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
    var user = directory.user(ofHome: "a", uid: 61001, wantsGroups: true)
    #expect(user?.groups == [])
    root.remove("etc/passwd")
    changed = directory.reloadIfChanged()
    #expect(changed)
    user = directory.user(ofHome: "a", uid: 61001, wantsGroups: true)
    #expect(user?.name == "a")
  }
}
