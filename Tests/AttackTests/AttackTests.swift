import Foundation
import Testing

/// Real processes of an unprivileged user against the real daemon.
///
/// One at a time: an attack that shares its processor with another one is a weaker attack.
@Suite(.serialized) enum AttackTests {}

/// How long attacks last.
enum Scale {
  /// Rounds of a quick attack. `make attack` asks for 100,000.
  static let rounds = Int(ProcessInfo.processInfo.environment["ATTACK_ROUNDS"] ?? "") ?? 300

  /// Rounds of an attack each of whose rounds takes so many times longer than a rename.
  static func rounds(slower factor: Int) -> Int { max(rounds / factor, 10) }
}

/// What an attack needs from the machine; a test without it says why it doesn't run.
enum Needs {
  static let root: ConditionTrait = .enabled(
    if: geteuid() == 0, "the daemon and its users need uids of their own")

  static let time: ConditionTrait = .enabled(
    if: Scale.rounds >= 10_000, "it takes minutes; make attack runs it")

  /// For what can't be done to an installed unit, with the reason.
  static func bareDaemon(_ reason: Comment) -> ConditionTrait {
    .enabled(if: !InstalledUnit.isAttacked, reason)
  }

  static let flags: ConditionTrait = .enabled(
    if: access("/usr/bin/chattr", X_OK) == 0, "there is no chattr")

  static let fuse: ConditionTrait = .enabled(
    if: geteuid() == 0 && access("/dev/fuse", R_OK | W_OK) == 0,
    "there is no /dev/fuse")
}
