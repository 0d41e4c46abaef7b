import Glibc

/// Reading and writing at a place that the caller names, and not where the descriptor stands.
extension Descriptor {
  public func writeAll(_ bytes: ArraySlice<UInt8>, at offset: Int) throws(SystemError) {
    var rest = bytes
    var place = offset
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { pwrite(number, $0.baseAddress, $0.count, off_t(place)) }
      if count < 0, errno == EINTR { continue }
      let written = try checkedByErrno(count, "write")
      rest = rest.dropFirst(written)
      place += written
    }
  }

  /// As many bytes, or fewer where the file ends.
  public func readAll(upTo count: Int, at offset: Int) throws(SystemError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      var failure: Int32 = 0
      let got = bytes.withUnsafeMutableBytes { buffer in
        let result = pread(
          number, buffer.baseAddress! + filled, count - filled, off_t(offset + filled))
        failure = errno
        return result
      }
      if got < 0, failure == EINTR { continue }
      if got < 0 { throw SystemError("read", errno: failure) }
      if got == 0 { break }
      filled += got
    }
    bytes.removeLast(count - filled)
    return bytes
  }

  public func truncate(to size: Int) throws(SystemError) {
    _ = try checkedByErrno(ftruncate(number, off_t(size)), "truncate")
  }

  /// Makes a file's bytes and size durable, and not its times.
  public func syncData() throws(SystemError) {
    _ = try checkedByErrno(fdatasync(number), "fdatasync")
  }
}

extension EventCounter {
  /// Waits until it was raised, but not longer than that many seconds; nil for as long as it takes.
  public func wait(seconds: Double?) {
    var entry = pollfd(fd: descriptor.number, events: Int16(POLLIN), revents: 0)
    let milliseconds = seconds.map { Int32(clamping: Int(max($0, 0) * 1000) + 1) } ?? -1
    _ = poll(&entry, 1, milliseconds)
  }
}
