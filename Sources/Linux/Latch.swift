import Synchronization

/// Something that one thread sets once and others look at.
public final class Latch: Sendable {
  private let value = Atomic(false)

  public init() {}

  public var isSet: Bool { value.load(ordering: .relaxed) }
  public func set() { value.store(true, ordering: .relaxed) }
}
