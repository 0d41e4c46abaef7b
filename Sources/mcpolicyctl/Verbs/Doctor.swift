import ArgumentParser

struct Doctor: VerbCommand {
  static let configuration = CommandConfiguration(
    abstract: "Checks the installation as a troubleshooting guide would, each line with its mend.",
    discussion: """
      It changes nothing, works with the daemon down and without rights, and says what it couldn't \
      see. Exit status 1: there is a warning or a problem.
      """)

  @OptionGroup var options: CommonOptions

  func execute(on console: Console) throws -> Outcome {
    let host = HostView(options)
    let report = DoctorReport(
      diagnoses: UnitChecks.diagnoses(host) + FolderChecks.diagnoses(host)
        + PolicyChecks.diagnoses(host) + KernelChecks.diagnoses(host)
        + WatchChecks.diagnoses(host) + host.rights.diagnoses,
      rights: host.rights)
    if options.json {
      console.print(report.json)
    } else {
      console.print(report.text(console.style))
    }
    return report.outcome
  }
}
