import Foundation
import Glibc
import Linux
import Support
import Testing

@testable import Enforcement

/// A folder whose user can't replace root's file in it for a while.
@Suite(.enabled(if: geteuid() == 0)) struct FolderHoldTests {
  private let root = TemporaryRoot()
  private let alice: UInt32 = 20001

  private func settings(mode: UInt32 = 0o755, gid: UInt32 = 20001) throws -> Descriptor {
    root.makeFolder("settings", mode: mode)
    chmod(root.at("settings"), mode)
    chown(root.at("settings"), alice, gid)
    return try Descriptor.open(trusted: FilePath(root.at("settings")), O_RDONLY | O_DIRECTORY)
  }

  private func state(_ folder: borrowing Descriptor) throws -> String {
    let status = try folder.status()
    return "\(status.uid):\(status.gid) \(String(status.permissions, radix: 8))"
  }

  @Test(arguments: [0o700, 0o755, 0o750, 0o775, 0o500, 0o2755] as [UInt32])
  func givesBackWhatItTook(_ mode: UInt32) throws {
    let folder = try settings(mode: mode)
    let taken = FolderHold.take(folder, from: alice, to: 0)
    #expect(taken)
    #expect(root.status("settings")?.st_uid == 0)
    #expect(root.permissions("settings")! & 0o1000 != 0)
    FolderHold.release(folder, to: alice, from: 0)
    let after = try state(folder)
    #expect(after == "20001:20001 \(String(mode, radix: 8))")
  }

  @Test func itsUserKeepsTheirOwnFilesButCantReplaceRoots() throws {
    let folder = try settings()
    root.write("settings/mcp.json", "approved")
    chown(root.at("settings/mcp.json"), 0, 0)
    chmod(root.path, 0o755)
    let taken = FolderHold.take(folder, from: alice, to: 0)
    #expect(taken)
    let path = root.at("settings")
    #expect(try run(as: alice, "mv \(path)/mcp.json \(path)/away") != 0)
    #expect(try run(as: alice, "rm -f \(path)/mcp.json") != 0)
    #expect(try run(as: alice, "chmod 777 \(path)") != 0)
    #expect(try run(as: alice, "echo own > \(path)/own") == 0)
    #expect(try run(as: alice, "mv -f \(path)/own \(path)/mcp.json") != 0)
    #expect(try run(as: alice, "mv \(path)/own \(path)/mine && rm \(path)/mine") == 0)
    #expect(root.read("settings/mcp.json") == "approved")
    // Nobody else got any right.
    #expect(try run(as: 20002, "echo theirs > \(path)/theirs") != 0)
  }

  @Test func onlyWhatWasTakenIsGivenBack() throws {
    let folder = try settings()
    chown(root.at("settings"), 0, 0)
    FolderHold.release(folder, to: alice, from: 0)
    #expect(root.status("settings")?.st_uid == 0)
    chmod(root.at("settings"), 0o1777)
    FolderHold.release(folder, to: alice, from: 0)
    #expect(root.status("settings")?.st_uid == 0)
  }

  @Test func anothersHoldIsNotGivenAway() throws {
    let folder = try settings()
    let taken = FolderHold.take(folder, from: alice, to: 0)
    #expect(taken)
    FolderHold.release(folder, to: 20002, from: 0)
    #expect(root.status("settings")?.st_uid == 0)
  }

  @Test func aStickyFolderOrOneWithAnAccessListIsLeftAlone() throws {
    let folder = try settings(mode: 0o1755)
    let taken = FolderHold.take(folder, from: alice, to: 0)
    #expect(!taken)
    let after = try state(folder)
    #expect(after == "20001:20001 1755")
  }

  /// The exit status of a shell command that runs as that user.
  private func run(as uid: UInt32, _ command: String) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/setpriv")
    process.arguments = [
      "--reuid=\(uid)", "--regid=\(uid)", "--clear-groups", "sh", "-c", command,
    ]
    process.standardError = nil
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }
}
