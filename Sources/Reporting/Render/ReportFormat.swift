import MCPConfig

/// What a report can be written as.
public enum ReportFormat: String, CaseIterable, Sendable {
  case html, json, csv, md

  public func render(_ report: ReportDocument) -> [UInt8] {
    switch self {
    case .html: Array(ReportPage.html(report).text.utf8)
    case .json: report.json.prettyForm
    case .csv: Array(ReportCSV.text(report).utf8)
    case .md: Array(ReportMarkdown.text(report).utf8)
    }
  }
}
