import Linux
import MCPConfig
import Policy
import Testing

@testable import Incidents
@testable import Reporting

/// Nothing that others named leaves its place in any format.
@Suite struct RenderTests {
  private static let hostile = "</td><script>alert(1)</script>\"'&| =1+1"

  private static let report: ReportDocument = {
    let findings = [Finding(.unauthorizedServer, server: ByteString(hostile), "x")]
    return sampleReport(
      sampleTally([
        counted(sampleIncident(findings, user: hostile), host: hostile),
        event(
          .change(
            ChangeEntry(
              change: "server-granted", actor: "=cmd|'/c calc'!A0", server: "@x", user: "-1",
              reason: "`*_["
            ))),
        event(.inventory([UserInventory(user: "<b>", servers: ["+1"])], part: 1)),
        event(.started), nil,
      ]),
      ledger: LedgerCheck(
        records: 2, files: 1, head: AnchoredHead(sequence: 2, hash: "ab"), findings: ["<i>bad</i>"])
    )
  }()

  private func text(_ format: ReportFormat) -> String {
    String(decoding: format.render(Self.report), as: UTF8.self)
  }

  @Test func aPageHoldsNoMarkupOfOthers() {
    let page = text(.html)
    #expect(!page.contains("<script") && !page.contains("<b>") && !page.contains("<i>"))
    #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;"))
    #expect(page.hasPrefix("<!DOCTYPE html>") && page.contains("<html lang=\"en\">"))
    #expect(!page.contains("http://") && !page.contains("https://") && !page.contains(" src="))
  }

  /// Each element that is opened is closed, in order.
  @Test func aPageIsWellFormed() {
    var open: [Substring] = []
    let page =
      text(.html).split(separator: "<style>")[0] + text(.html).split(separator: "</style>")[1]
    for part in page.split(separator: "<").dropFirst() {
      let tag = part.prefix { $0 != ">" }
      let name = tag.prefix { $0 != " " && $0 != "\n" }
      if tag.hasSuffix("/") || ["!DOCTYPE", "meta"].contains(name) { continue }
      if name.hasPrefix("/") {
        #expect(open.popLast() == name.dropFirst())
      } else {
        open.append(name)
      }
    }
    #expect(open.isEmpty)
  }

  @Test func everyTableHasACaptionAndEveryChartAText() {
    let page = text(.html)
    func count(_ text: String) -> Int {
      page.split(separator: text, omittingEmptySubsequences: false).count - 1
    }
    #expect(count("<table") > 8 && count("<table") == count("<caption>"))
    #expect(
      count("<svg") > 1 && count("<svg") == count("<title id=")
        && count("<svg") == count("<desc id="))
    #expect(count("<th ") == count("scope=\"col\"") + count("scope=\"row\""))
  }

  @Test(arguments: [
    "=1", "+1", "-1", "@x", "\t=1", "  =1", "|x", "＝1", "\u{A0}=1", "\u{2003}+1", "\u{3000} -1",
    "\u{200B}@x", "\u{FEFF}=1", "\u{AD}=1", " \n1",
  ])
  func aCellIsNoFormula(_ text: String) {
    #expect(ReportCSV.cell(text) == "\"'\(text)\"")
  }

  @Test func cellsAreQuoted() {
    #expect(
      ReportCSV.cell("a\"b") == "\"a\"\"b\"" && ReportCSV.cell("") == "\"\""
        && ReportCSV.cell("12") == "\"12\"")
    for line in text(.csv).split(separator: "\r\n") {
      #expect(line.hasPrefix("\"") && line.hasSuffix("\"") && !line.contains("\",\"="))
    }
  }

  @Test func markdownHoldsNoMarkupOfOthers() {
    let text = text(.md)
    #expect(!text.contains("<script") && text.contains("&lt;script&gt;"))
    #expect(text.contains("\\`\\*\\_\\["))
    // A row has as many cells as its heading, whatever its names hold.
    var width = 0
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      guard line.hasPrefix("|") else {
        width = 0
        continue
      }
      let cells = line.replacing("\\|", with: "").split(
        separator: "|", omittingEmptySubsequences: false
      ).count
      if width > 0 { #expect(cells == width, "\(line)") }
      width = cells
    }
  }

  @Test func jsonHasTheFigures() throws {
    let json = try JSON(parsing: ReportFormat.json.render(Self.report))
    #expect(json["incidents"]?["count"]?["total"]?.integer == 1)
    #expect(
      json["incidents"]?["by_user"]?["rows"]?.elements?.first?["user"]?.string
        == ByteString(Self.hostile))
    #expect(json["records"]?["unreadable"]?.integer == 1)
    #expect(json["records"]?["ledger"]?["verified"]?.bool == false)
    #expect(json["controls"]?.elements?.count == 4)
  }

  @Test func nothingAtAll() {
    let report = sampleReport(sampleTally([]))
    for format in ReportFormat.allCases { #expect(!format.render(report).isEmpty) }
    let page = String(decoding: ReportFormat.html.render(report), as: UTF8.self)
    #expect(page.contains("Ledger: not verified.") && page.contains("Not recorded"))
  }

  @Test func unansweredIsNotTheSameAsNotRecorded() {
    let report = sampleReport(sampleTally([counted(sampleIncident())]))
    for format in ReportFormat.allCases {
      let text = String(decoding: format.render(report), as: UTF8.self)
      #expect(!text.contains("no record of a daemon") && !text.contains("Responses: not recorded"))
    }
    #expect(
      String(decoding: ReportFormat.csv.render(report), as: UTF8.self).contains(
        #""response","high","not_responded","1""#))
  }

  @Test func figuresForPeople() {
    #expect(
      [0, 999, 1000, 1_234_567].map(ReportText.number) == ["0", "999", "1,000", "1,234,567"])
    #expect(
      ReportText.share(999_999, of: 1_000_000) == "99.9 %" && ReportText.share(3, of: 3) == "100 %")
    #expect(ReportText.share(0, of: 0) == "–" && ReportText.duration(seconds: 3660) == "1 h 1 min")
    #expect(Scale(upTo: 0).ticks == [0, 1] && Scale(upTo: 7).ticks == [0, 2, 4, 6, 8])
    #expect(Scale(upTo: 1000).ticks.last == 1000 && Scale(upTo: 1001).ticks.last == 1500)
  }
}
