import Linux

extension BaselineStore {
  /// Clears away what an approval left that was cut off: files that aren't whole, and bytes whose
  /// record was never written. For the one process that may approve.
  public func removeUnfinished() throws(Failure) {
    do throws(SystemError) {
      let names = try folder.names()
      let recorded = Set(names.compactMap { Self.number(ofRecord: $0) })
      for name in names {
        let copy = Self.number(ofCopy: name)
        let isOrphan = copy.map { $0 > recorded.max() ?? 0 } ?? false
        if isOrphan || Descriptor.isUnfinished(name) { try folder.unlink(name) }
      }
    } catch {
      throw .system(error)
    }
  }
}
