extension InterfaceDescription {
  /// Approval, revocation, grants and requests.
  static let changes = """
    # One approval; the one of the highest number is in force.
    type Approval (
      number: int,
      bytes_sha256: string,
      canonical_sha256: string,
      # The digest of each server's definition.
      servers: [string]string,
      approved_at: string,
      # A user's name and uid, pin, or whose signature it was.
      approved_by: string,
      note: ?string,
      # The policy's name of who signed, and the key's fingerprint.
      signer: ?string,
      signer_key: ?string,
      # The newest serial that this host had by then, and the canonical digest of
      # what had it.
      highest_serial: ?int,
      highest_serial_sha256: ?string
    )

    # A server that keeps a configuration from being approved.
    type Refusal (server: string, rule: string, reason: string, line: int, column: int)

    # How a server is started or reached, for finding the programs that run.
    type Definition (sha256: string, command: ?string, args: []string, url: ?string)

    # A server that is switched off; one whose record is damaged has only its digest.
    type Revocation (
      server: ?string,
      name_sha256: string,
      reason: ?string,
      revoked_at: ?string,
      revoked_by: ?string
    )

    # A tier 2 server that was given to one user; over, if it has an end.
    type GrantedServer (
      number: int,
      server: string,
      # The definition that was granted; another one isn't.
      sha256: string,
      user: string,
      uid: int,
      until: string,
      ticket: string,
      reason: string,
      granted_at: string,
      granted_by: string,
      request: ?int,
      ended_at: ?string,
      ended_by: ?string,
      end_reason: ?string,
      # Whether the user has the server by it now: not if the approved definition
      # changed, or the server is revoked.
      applies: bool
    )

    # A user's wish, which gives nothing.
    type RequestedServer (
      number: int,
      server: string,
      user: string,
      uid: int,
      reason: string,
      requested_at: string,
      state: (open, granted, rejected),
      answered_at: ?string,
      answered_by: ?string,
      grant: ?int,
      answer: ?string
    )

    # Who the caller is to the daemon, and which methods it may call.
    method Rights() -> (uid: int, role: (own, audit, admin), verbs: []string)

    # What Approve would do with these bytes, without doing it.
    method ReviewApproval(content: string, file: ?string) -> (
      canonical_sha256: string,
      bytes_sha256: string,
      # False if the baseline has these bytes already.
      changed: bool,
      # Why it would be refused; empty if it wouldn't be.
      refused: []Refusal,
      # Servers in it that are revoked, and stay so.
      revoked: []string,
      # Grants in force that its definitions end.
      grants_ended: []int,
      # The bytes in force; absent if nothing was approved yet.
      baseline: ?string
    )

    # The newest approvals, newest first; a damaged one is only named.
    method ListBaselines(limit: ?int) -> (baselines: []Approval, damaged: []string)

    # One approval with its bytes; without a number the one in force.
    method ShowBaseline(number: ?int) -> (baseline: Approval, content: string)

    # Approves the bytes of an earlier approval again; as Approve.
    method Rollback(number: int, note: ?string) -> (
      canonical_sha256: string,
      bytes_sha256: string,
      changed: bool,
      total: int,
      checked: int,
      restored: int,
      left: int,
      failed: int,
      failures: []string
    )

    # Takes a server out of every effective copy on the host, whatever is approved,
    # until it is reinstated; answers when all targets are done.
    method Revoke(server: string, reason: ?string) -> (
      # False if it was revoked already.
      changed: bool,
      # Who could have it until now.
      users: []string,
      # What was approved under its name, now and before, the newest first.
      definitions: []Definition,
      total: int,
      checked: int,
      restored: int,
      left: int,
      failed: int,
      failures: []string
    )

    # Undoes Revoke.
    method Reinstate(server: string, reason: ?string) -> (
      changed: bool,
      total: int,
      checked: int,
      restored: int,
      left: int,
      failed: int,
      failures: []string
    )

    # What is revoked.
    method ListRevocations() -> (revocations: []Revocation)

    # Gives a tier 2 server to one more user until then: the approved definition,
    # and no other. Server and user, or the request that names them.
    method Grant(server: ?string, user: ?string, request: ?int, until: string, ticket: string, reason: string) -> (
      grant: GrantedServer,
      total: int,
      checked: int,
      restored: int,
      left: int,
      failed: int,
      failures: []string
    )

    # Ends a grant before its time.
    method EndGrant(number: int, reason: ?string) -> (
      grant: GrantedServer,
      total: int,
      checked: int,
      restored: int,
      left: int,
      failed: int,
      failures: []string
    )

    # The grants the caller may see: its own, or all.
    method ListGrants() -> (grants: []GrantedServer)

    # Leaves the caller's request for a server. It gives nothing.
    method RequestServer(server: string, reason: string) -> (
      request: RequestedServer,
      # False if the same is asked already.
      changed: bool
    )

    # The requests the caller may see: its own, or all.
    method ListRequests() -> (requests: []RequestedServer)

    # Answers a request with no.
    method RejectRequest(number: int, reason: string) -> (request: RequestedServer)


    """
}
