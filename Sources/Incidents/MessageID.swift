import Policy

/// The journal's `MESSAGE_ID` of each kind of record, under which its catalog explains it.
public enum MessageID {
  public static func finding(_ kind: Finding.Kind) -> String {
    switch kind {
    case .credentialExposure: "716c920eedfe4a269374dda1eec2140b"
    case .baselineTampered: "aaa26bfe08e64ceeb063b81046a9c0a1"
    case .restoreFailed: "b96d6a4f899f4b11a2b75ac9e6b03455"
    case .prohibitedServer: "f9610b28d9a942f5bfa9a8d31d666507"
    case .unauthorizedServer: "640b4bafea3447ad9d99f6305aad4d87"
    case .serverDrift: "32413da4c16c4112b281fc10ff83d677"
    case .approvalWidened: "b09524d981e84117a1042d794d3439ba"
    case .pathReplaced: "bd2f7b1be5984a0c908b3ca8b9ee634c"
    case .tamperStorm: "869db2f73df343c68997489eacfb495a"
    case .unreadableConfig: "08a1f70bb4c54a9eb0e3e98bbbd996cb"
    case .missingFile: "d13549d0ead84333ac7fa60c7cbc7e17"
    case .missingServer: "4ca86c1232ef4bada8d8bed645cf44f2"
    case .watchDegraded: "eec445ba3b814ca2a232cc57c98b9744"
    case .permissionsDrift: "9f4ec9f04f704852a93324675ecc7d20"
    }
  }

  public static func change(_ change: AuditRecord.Change) -> String {
    switch change {
    case .approved: baselineApproved
    case .rolledBack: "69854aeb1fe745e48933f91d8a9b717a"
    case .revoked: "e9fdfe1fdb434531b5331e7a09f38953"
    case .reinstated: "22d5fb5c109747b8a6f0b59f42ef3cac"
    case .granted: "1309639d3e2440c189ba1f56f5c6a52b"
    case .grantEnded: "f804849c73624ae6b2ea89e1e8071eea"
    case .grantExpired: "1b7fd511a0dd480cbabe356e66362a2c"
    case .requested: "7cf8d0205d9f468cae1d36b6fac9074a"
    case .requestRejected: "c1be4713cded48209b33e14c32e957d5"
    case .reloaded: "3dded9bae4524ee7ba7a482ec8e68221"
    }
  }

  public static let daemonStarted = "22a7ec2460e74f0d8a1dec7496981a59"
  public static let daemonUnprovisioned = "4e127c7f1a8940ce8d821bf756c20901"
  public static let policyRefused = "107adb616812463aa301d73cdce18bc5"
  public static let baselineApproved = "a0c1e2be7c504f42884d11e3e924db63"
  public static let ledgerCut = "46190af3d469493a949011ce71b950a9"
  public static let ledgerDropped = "7c30b278d0164cb5b9ae3fdc6ba2399e"
}

extension MessageID {
  public static func life(_ kind: LifeRecord.Kind) -> String {
    switch kind {
    case .acknowledged: "dfec580322ab448aac45b3fa25c96488"
    case .resolved: "e7e6da8d5bb844f7ada8e971a8f2111f"
    case .overdue: "f17134bd32b04744bd6c25e1c07326bd"
    }
  }

  /// What becomes of incidents can't be kept whole.
  public static let lifeIncomplete = "2338cb00155c4f8382553e52faa2a616"
}
