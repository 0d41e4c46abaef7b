import CLinux

/// The host's clock, as the kernel sees it.
public enum HostClock {
  /// Whether a time service keeps it right; nil where the kernel doesn't say.
  public static var isKept: Bool? {
    let result = cl_clock_is_kept()
    return result < 0 ? nil : result == 1
  }
}
