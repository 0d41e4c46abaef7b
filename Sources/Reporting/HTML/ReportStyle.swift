/// The page's style: dark on white, for the screen and for A4.
///
/// Every colour of text has a contrast of at least 4.5 to its ground, every colour of a chart of at
/// least 3 to white.
enum ReportStyle {
  static let sheet: HTML = """
    :root { --ink: #16202b; --soft: #4d5a68; --line: #d4dae1; --ground: #f4f6f8;
      --critical: #6a1133; --high: #c2410c; --medium: #b07d00; --low: #4f7d9e; --plain: #35618e;
      --in-time: #2f7d57; --late: #c2410c; --empty: #e3e7ec; }
    * { box-sizing: border-box; }
    html { background: #fff; }
    body { color: var(--ink); max-width: 62rem; margin: 0 auto; padding: 2.5rem 2rem 3rem;
      font: 15px/1.5 "Inter", "Source Sans 3", system-ui, "Segoe UI", Roboto, "Helvetica Neue",
      "Liberation Sans", Arial, sans-serif; font-variant-numeric: tabular-nums; }
    header { border-top: 6px solid var(--ink); padding-top: 1.1rem; margin-bottom: 1.75rem; }
    .kicker { margin: 0; color: var(--soft); font-size: .87rem; letter-spacing: .02em; }
    h1 { font-size: 2.1rem; line-height: 1.15; margin: .2rem 0 1.1rem; letter-spacing: -.015em; }
    h2 { font-size: 1.32rem; line-height: 1.25; margin: 0 0 .8rem; padding-bottom: .35rem;
      border-bottom: 2px solid var(--ink); letter-spacing: -.005em; }
    h2 .no { color: var(--soft); font-weight: 500; margin-right: .35rem; }
    h3 { font-size: 1rem; margin: 0 0 .3rem; }
    section { margin: 0 0 2.4rem; }
    p { margin: 0 0 .9rem; max-width: 46rem; }
    dl, dd, dt { margin: 0; }
    .facts { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: .5rem 2rem; }
    .facts dt { color: var(--soft); font-size: .8rem; }
    .facts dd { overflow-wrap: anywhere; }
    .figures { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 1px;
      background: var(--line); border: 1px solid var(--line); margin-bottom: 1rem; }
    .figures > div { background: #fff; padding: .85rem 1rem .8rem; }
    .figures dt { color: var(--soft); font-size: .87rem; }
    .figures .value { font-size: 1.75rem; line-height: 1.25; font-weight: 650; letter-spacing: -.015em; }
    .figures .detail { color: var(--soft); font-size: .83rem; line-height: 1.45; }
    .line { display: flex; flex-wrap: wrap; gap: .4rem 2.6rem; margin-bottom: 1rem; }
    .line dt { color: var(--soft); font-size: .8rem; }
    .line dd { font-size: 1.2rem; font-weight: 600; }
    .cautions { border-left: 4px solid var(--medium); background: var(--ground); padding: .7rem 1rem; }
    .cautions ul { margin: 0; padding-left: 1.1rem; }
    nav ol { columns: 3; column-gap: 2rem; margin: 0 0 2.2rem; padding: .8rem 1rem .8rem 2.2rem;
      background: var(--ground); font-size: .9rem; }
    nav li { break-inside: avoid; padding: .1rem 0; }
    a { color: #174f86; }
    table { border-collapse: collapse; width: 100%; margin: 0 0 1.5rem; font-size: .9rem; }
    caption { text-align: left; font-weight: 650; padding: 0 0 .35rem; }
    th, td { padding: .34rem .6rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
    .long, code { overflow-wrap: anywhere; }
    .whole { white-space: nowrap; }
    thead th { color: var(--soft); font-weight: 600; font-size: .83rem; vertical-align: bottom;
      border-bottom: 1.5px solid var(--ink); }
    tbody th { font-weight: 500; }
    tfoot th, tfoot td { font-weight: 650; border-bottom: 0; border-top: 1.5px solid var(--ink); }
    th:first-child, td:first-child { padding-left: 0; }
    th:last-child, td:last-child { padding-right: 0; }
    .n { text-align: right; white-space: nowrap; }
    td ul { margin: 0; padding-left: 1rem; }
    .wide { font-size: .84rem; } .dense { font-size: .83rem; }
    .dense th, .dense td { padding-top: .16rem; padding-bottom: .16rem; }
    code { font: .78rem/1.4 ui-monospace, "DejaVu Sans Mono", "Liberation Mono", monospace; }
    figure { margin: 0 0 1.5rem; }
    svg { display: block; width: 100%; height: auto; }
    svg text { font: 12px "Inter", system-ui, "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", Arial,
      sans-serif; fill: var(--ink); }
    svg .tick { font-size: 11px; fill: var(--soft); }
    .grid { stroke: var(--line); stroke-width: 1; }
    rect.critical { fill: var(--critical); } rect.high { fill: var(--high); }
    rect.medium { fill: var(--medium); } rect.low { fill: var(--low); }
    rect.plain { fill: var(--plain); } rect.in-time { fill: var(--in-time); }
    rect.late { fill: var(--late); } rect.empty { fill: var(--empty); stroke: #8692a0; stroke-width: .6; }
    figcaption { color: var(--soft); font-size: .85rem; margin-top: .5rem; }
    .legend > span { white-space: nowrap; margin-right: .75em; }
    .key { display: inline-block; width: .72em; height: .72em; margin-right: .35em; }
    .key.critical { background: var(--critical); } .key.high { background: var(--high); }
    .key.medium { background: var(--medium); } .key.low { background: var(--low); }
    .key.in-time { background: var(--in-time); } .key.late { background: var(--late); }
    .key.empty { background: var(--empty); outline: 1px solid #8692a0; outline-offset: -1px; }
    .none { color: var(--soft); }
    .small { color: var(--soft); font-size: .85rem; }
    .findings { color: #8a1538; }
    .review { display: none; }
    footer { border-top: 1px solid var(--line); padding-top: .8rem; color: var(--soft); font-size: .85rem; }
    @media (max-width: 40rem) { .figures, .facts { grid-template-columns: 1fr; } nav ol { columns: 1; }
      body { padding: 1.25rem 1rem; } }
    @page { size: A4; margin: 16mm 15mm 20mm;
      @bottom-left { content: "MCP configuration compliance report"; font: 8pt sans-serif; color: #4d5a68; }
      @bottom-right { content: counter(page) " of " counter(pages); font: 8pt sans-serif; color: #4d5a68; } }
    @media print {
      html { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
      body { max-width: none; padding: 0; font-size: 9.5pt; line-height: 1.42; }
      h1 { font-size: 20pt; } h2 { font-size: 13pt; break-after: avoid; } h3, caption { break-after: avoid; }
      a { color: inherit; text-decoration: none; }
      .figures .value { font-size: 16pt; }
      section { margin-bottom: 9mm; }
      figure, tr, .short, .figures, .facts, .cautions, .line { break-inside: avoid; }
      nav { display: none; }
      tfoot tr { break-before: avoid; } tbody tr:last-child { break-after: avoid; } h2 + p { break-after: avoid; }
      .review { display: grid; grid-template-columns: 1fr 1fr; gap: 9mm 10mm; break-inside: avoid; margin-top: 8mm; }
      .review p { border-top: .3mm solid var(--soft); color: var(--soft); font-size: 8pt; padding-top: 1mm; margin: 8mm 0 0; }
      thead { display: table-header-group; } tfoot { display: table-row-group; }
      #days { break-before: page; }
      .dense { font-size: 8pt; } .dense th, .dense td { padding-top: .5mm; padding-bottom: .5mm; }
    }
    """
}
