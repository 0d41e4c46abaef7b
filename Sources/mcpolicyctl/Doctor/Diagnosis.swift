import MCPConfig

/// One line of the doctor.
struct Diagnosis: Error, Hashable {
  enum State: String, CaseIterable {
    case ok, warning, problem
    /// It couldn't be looked at with the caller's rights.
    case unseen
  }

  /// What was looked at, in one word.
  var check: String
  var state: State
  var message: String
  /// What to do about it; nil where nothing is.
  var mend: String?

  static func ok(_ check: String, _ message: String) -> Diagnosis {
    Diagnosis(check: check, state: .ok, message: message)
  }

  static func warning(_ check: String, _ message: String, mend: String) -> Diagnosis {
    Diagnosis(check: check, state: .warning, message: message, mend: mend)
  }

  static func problem(_ check: String, _ message: String, mend: String) -> Diagnosis {
    Diagnosis(check: check, state: .problem, message: message, mend: mend)
  }

  static func unseen(_ check: String, _ message: String, mend: String? = nil) -> Diagnosis {
    Diagnosis(check: check, state: .unseen, message: message, mend: mend)
  }
}

/// All lines, and whose eyes saw them.
struct DoctorReport {
  var diagnoses: [Diagnosis]
  var rights: CallerRights

  func count(_ state: Diagnosis.State) -> Int { diagnoses.count { $0.state == state } }

  var outcome: Outcome { count(.warning) + count(.problem) == 0 ? .fine : .findings }

  var json: JSON {
    [
      "checks": .array(
        diagnoses.map {
          [
            "check": .text($0.check), "state": .text($0.state.rawValue),
            "message": .text($0.message), "mend": .optional($0.mend),
          ]
        }),
      "summary": .object(Diagnosis.State.allCases.map { ($0.rawValue, .int(count($0))) }),
      "caller": rights.json,
    ]
  }

  func text(_ style: Style) -> String {
    var lines: [String] = []
    for diagnosis in diagnoses {
      let state = diagnosis.state == .unseen ? "not seen" : diagnosis.state.rawValue
      let tint: Style.Tint =
        switch diagnosis.state {
        case .ok: .good
        case .warning: .warning
        case .problem: .bad
        case .unseen: .faint
        }
      lines.append(
        Self.padded(style.paint(state, tint), state.count, 10)
          + Self.padded(diagnosis.check, diagnosis.check.count, 12)
          + ByteString(diagnosis.message).escaped)
      if let mend = diagnosis.mend {
        lines.append(String(repeating: " ", count: 22) + "→ " + ByteString(mend).escaped)
      }
    }
    let counts = [
      counted(count(.problem), "problem"), counted(count(.warning), "warning"),
      "\(count(.ok)) ok", "\(count(.unseen)) not seen",
    ]
    return (lines + ["", counts.joined(separator: ", ")]).joined(separator: "\n")
  }

  private static func padded(_ text: String, _ length: Int, _ width: Int) -> String {
    text + String(repeating: " ", count: max(width - length, 1))
  }
}
