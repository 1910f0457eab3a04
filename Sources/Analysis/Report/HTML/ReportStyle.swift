/// What the page looks like. It stands in the page, which loads nothing.
enum ReportStyle {
  static let css: StaticString = """
    :root{color-scheme:light dark;--back:#fff;--text:#1b1f24;--dim:#57606a;--line:#d8dee4;\
    --panel:#f6f8fa;--accent:#0b62c4;--good:#1a7f37;--fair:#9a6700;--poor:#cf222e;--mark:#0b62c4}
    @media (prefers-color-scheme:dark){:root{--back:#0d1117;--text:#e6edf3;--dim:#9aa4af;\
    --line:#30363d;--panel:#161b22;--accent:#6cb6ff;--good:#3fb950;--fair:#d9a52b;--poor:#ff7b72;\
    --mark:#58a6ff}}
    *{box-sizing:border-box}
    html{-webkit-text-size-adjust:100%}
    body{margin:0;background:var(--back);color:var(--text);\
    font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
    main,header,footer{max-width:70rem;margin:0 auto;padding:0 1.25rem}
    header{display:flex;flex-wrap:wrap;gap:1rem 2rem;align-items:center;padding-top:2rem;\
    padding-bottom:1rem}
    header>div{flex:1 1 18rem;min-width:0}
    h1{font-size:1.75rem;line-height:1.2;margin:0 0 .35rem;overflow-wrap:anywhere}
    h2{font-size:1.3rem;margin:2.5rem 0 .5rem;padding-top:1rem;border-top:1px solid var(--line)}
    h3{font-size:1rem;margin:1.5rem 0 .25rem}
    p{margin:.5rem 0;max-width:48rem}
    a{color:var(--accent)}
    .dim{color:var(--dim)}
    .lead{font-size:1.1rem;margin:.25rem 0}
    ol.findings{padding-left:1.5rem;max-width:52rem}
    ol.findings li{margin:.75rem 0}
    ol.findings p{margin:.1rem 0}
    .cost{color:var(--dim);white-space:nowrap;font-size:.875rem}
    .scroll{overflow-x:auto;margin:.75rem 0 1.25rem;max-width:100%}
    table{border-collapse:collapse;font-size:.9rem;width:100%;font-variant-numeric:tabular-nums}
    caption{text-align:left;color:var(--dim);padding:.25rem 0;font-size:.875rem}
    th,td{text-align:left;vertical-align:top;padding:.35rem .75rem .35rem 0;\
    border-bottom:1px solid var(--line)}
    thead th{font-weight:600;color:var(--dim);white-space:nowrap}
    tbody th{font-weight:500}
    th[scope=row],td{overflow-wrap:break-word;min-width:3rem;max-width:30rem}
    th.number,td.number{text-align:right;white-space:nowrap;overflow-wrap:normal;width:1%;\
    padding-left:.75rem}
    td.reason{min-width:16rem}
    td.bars{width:35%}td.bars,svg.bar{min-width:6rem}
    th.charted{white-space:normal;padding-left:.75rem}th.charted~th.charted{padding-left:1.5rem}
    svg{display:block;max-width:100%;height:auto}
    svg text{fill:var(--text);font:12px system-ui,-apple-system,"Segoe UI",Arial,sans-serif}
    svg.bar{width:100%;height:.7rem;margin-top:.35rem}
    .track{fill:var(--line)}
    .fill{fill:var(--mark)}.good{fill:var(--good)}.fair{fill:var(--fair)}.poor{fill:var(--poor)}
    svg.dial{width:9rem;flex:none}
    svg.dial circle{fill:none;stroke-width:12}
    .dial-track{stroke:var(--line)}
    .dial-good{stroke:var(--good)}.dial-fair{stroke:var(--fair)}.dial-poor{stroke:var(--poor)}
    svg text.dial-number{font-size:30px;font-weight:700;text-anchor:middle}
    svg text.dial-unit{font-size:12px;text-anchor:middle;fill:var(--dim)}
    svg text.axis{fill:var(--dim)}
    .end{text-anchor:end}.middle{text-anchor:middle}
    svg text.cell{text-anchor:middle}
    svg text.strong{fill:var(--back);font-weight:600}
    .same{fill:var(--good)}.confused{fill:var(--poor)}
    svg.plot{width:100%;max-width:52rem;margin:.5rem 0}
    svg.heat{margin:.5rem 0}
    .grid{stroke:var(--line)}
    .dot{fill:var(--mark);fill-opacity:.55}
    dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1.25rem;margin:.75rem 0}
    dt{color:var(--dim)}dd{margin:0;overflow-wrap:anywhere}
    footer{margin-top:2.5rem;padding-top:1rem;padding-bottom:2rem;border-top:1px solid var(--line);\
    color:var(--dim);font-size:.875rem}
    @media (max-width:40rem){header{padding-top:1.25rem}h1{font-size:1.4rem}svg.dial{width:7rem}td.reason{min-width:11rem}\
    dl{grid-template-columns:1fr}dd{margin-bottom:.5rem}.optional{display:none}}
    @media print{:root{color-scheme:light;--back:#fff;--text:#000;--dim:#444;--line:#bbb;\
    --panel:#fff;--accent:#000;--good:#1a7f37;--fair:#9a6700;--poor:#cf222e;--mark:#0b62c4}
    body{font-size:10pt}main,header,footer{max-width:none;padding-left:0;padding-right:0}
    td.bars,svg.bar{min-width:3.5rem}td.reason{min-width:0}
    .scroll{overflow:visible}tr,svg,p,ol.findings li{break-inside:avoid}\
    h2,h3,caption,thead,section>p,tbody tr:first-child{break-after:avoid}\
    thead{display:table-header-group}a{text-decoration:none}
    *{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
    @page{margin:15mm}
    """
}
