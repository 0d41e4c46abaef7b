import Linux
import MCPConfig
import Policy

extension ReportDocument {
  /// The report for programs: every figure, in the words of the contract.
  public var json: JSON {
    [
      "period": [
        "since": .text(header.since.rfc3339), "until": .text(header.until.rfc3339),
        "days": .int(header.days),
      ],
      "generated_at": .text(header.generatedAt.rfc3339), "generator": .text(header.generator),
      "source": .text(header.source), "user": .optional(header.user),
      "incidents": incidents.json, "restores": restores.json, "response": response.json,
      "hosts": .array(hosts.map(\.json)), "changes": changes.json, "inventory": inventory.json,
      "records": records.json,
      "controls": .array(
        ControlMapping.all(self).map {
          [
            "control": .text($0.control), "title": .text($0.title),
            "evidence": .array($0.evidence.map { .text($0) }),
          ]
        }),
      "cautions": .array(ReportText.cautions(self).map { .text($0) }),
    ]
  }
}

extension SeverityCounts {
  fileprivate var members: [(String, JSON)] {
    [
      ("total", .int(total)), ("critical", .int(critical)), ("high", .int(high)),
      ("medium", .int(medium)), ("low", .int(low)),
    ]
  }

  fileprivate var json: JSON { .object(members) }
}

extension ReportDocument.Rows {
  fileprivate func json(_ key: String) -> JSON {
    [
      "rows": .array(rows.map { .object([(key, .text($0.name))] + $0.counts.members) }),
      "others": others.json,
    ]
  }
}

extension ReportDocument.Incidents {
  fileprivate var json: JSON {
    [
      "count": counts.json, "records": records.json, "repeated": .int(repeated),
      "by_action": [
        "restored": .int(restored), "reported": .int(reported), "held": .int(held),
        "failed": .int(failed),
      ],
      "by_leading_kind": byLeadingKind.json("kind"), "by_kind": byKind.json("kind"),
      "by_user": byUser.json("user"), "by_server": byServer.json("server"),
      "by_day": .array(byDay.map { .object([("day", .text($0.name))] + $0.counts.members) }),
    ]
  }
}

extension ReportDocument.Restores {
  fileprivate var json: JSON {
    [
      "timed_records": .int(timed), "sum_usec": .int(sum), "mean_usec": .optional(mean),
      "p95_usec": .optional(p95), "max_usec": .int(max),
      "bands": .array(
        zip(ReportText.bands, bands).map { ["band": .text($0), "records": .int($1)] }),
    ]
  }
}

extension ReportDocument.Response {
  fileprivate var json: JSON {
    [
      "recorded": .bool(isRecorded),
      "classes": .array(
        classes.map {
          [
            "severity": .text($0.severity.rawValue),
            "respond_within_minutes": .int($0.withinMinutes), "records": .int($0.records),
            "responded": .int($0.answered), "in_time": .int($0.inTime), "late": .int($0.late),
            "not_responded": .int($0.unanswered), "resolved": .int($0.resolved),
            "mean_seconds": .optional($0.meanSeconds), "max_seconds": .optional($0.maxSeconds),
          ]
        }),
      "overdue": .int(overdue),
      "overdue_by_level": .array(
        byLevel.map { ["level": .text($0.level), "count": .int($0.count)] }),
    ]
  }
}

extension ReportDocument.Host {
  fileprivate var json: JSON {
    .object(
      [("host", .text(name))] + counts.members + [
        ("starts", .int(starts)), ("days_with_records", .int(daysWithRecords)),
        ("first_record", .optional(first?.rfc3339)), ("last_record", .optional(last?.rfc3339)),
        ("ledger_seq", .optional(head?.sequence)), ("ledger_head", .optional(head?.hash.text)),
      ])
  }
}

extension ReportDocument.Changes {
  fileprivate var json: JSON {
    [
      "count": .object(counts.map { ($0.change, .int($0.count)) }),
      "entries": .array(entries.map(\.json)), "not_listed": .int(notListed),
    ]
  }
}

extension ReportDocument.Changes.Entry {
  fileprivate var json: JSON {
    [
      "at": .text(at.rfc3339), "host": .text(host), "change": .text(change),
      "actor": .optional(actor), "server": .optional(server), "user": .optional(user),
      "until": .optional(until), "ticket": .optional(ticket), "reason": .optional(reason),
      "sha256": .optional(sha256),
    ]
  }
}

extension ReportDocument.Inventory {
  fileprivate var json: JSON {
    [
      "recorded": .bool(newest != nil), "newest": .optional(newest?.rfc3339),
      "oldest": .optional(oldest?.rfc3339),
      "users": .array(
        entries.map { entry in
          [
            "user": .text(entry.user), "servers": .array(entry.servers.map { .text($0) }),
            "hosts": .array(entry.hosts.map { .text($0) }),
          ]
        }),
      "complete": .bool(!isCut),
    ]
  }
}

extension ReportDocument.Records {
  fileprivate var json: JSON {
    [
      "unreadable": .int(unreadable),
      "unreadable_files": .array(unreadableFiles.map { .text($0) }), "dropped": .int(dropped),
      "removed_files": .int(removedFiles), "policies_refused": .int(refusals),
      "starts_unprovisioned": .int(unprovisioned), "mode_changes": .int(modeChanges),
      "ledger": ledger.map {
        [
          "verified": .bool($0.findings.isEmpty), "records": .int($0.records),
          "files": .int($0.files), "seq": .optional($0.head?.sequence),
          "head": .optional($0.head?.hash.text), "heads_held": .int($0.headsHeld),
          "findings": .array($0.findings.map { .text($0) }),
        ]
      } ?? .null,
    ]
  }
}

extension JSON {
  fileprivate static func optional(_ number: Int?) -> JSON { number.map { .int($0) } ?? .null }
}
