extension InterfaceDescription {
  static let ledger = """
    # The ledger's lines from a time on, in the order of their chain; all of them
    # without one. Call it with 'more'. The last reply has no lines.
    method ReadLedger(since: ?string) -> (lines: []string)

    """
}
