/// A few uids that may own a folder, without an allocation: every target has some.
struct FolderOwners: Sendable, ExpressibleByArrayLiteral {
  private var uids: SIMD4<UInt32>

  /// - Precondition: one to four.
  init(arrayLiteral uids: UInt32...) {
    precondition((1...4).contains(uids.count), "one to four owners")
    self.uids = SIMD4(repeating: uids[0])
    for (index, uid) in uids.enumerated() { self.uids[index] = uid }
  }

  func contains(_ uid: UInt32) -> Bool {
    any(uids .== SIMD4(repeating: uid))
  }

  /// With that one in the place that three owners leave.
  func with(_ uid: UInt32) -> FolderOwners {
    var more = self
    more.uids[3] = uid
    return more
  }
}
