/** The report's style sheet: light and dark by the reader's system, usable on a phone, and on paper. */
export const STYLE = `
:root{color-scheme:light dark;--bg:#f7f8fa;--card:#fff;--ink:#1b2330;--soft:#5a6678;--line:#dfe4ec;--code:#f0f3f8;
--critical:#b3123f;--high:#c2410c;--medium:#9a6700;--low:#0b6e99;--informational:#5a6678;--accent:#2b59c3}
@media (prefers-color-scheme:dark){:root{--bg:#0f141b;--card:#171e28;--ink:#e6ebf2;--soft:#9aa7b8;--line:#2a3442;--code:#111821;
--critical:#ff7a9c;--high:#ff9d66;--medium:#f0c04f;--low:#64c8f0;--informational:#9aa7b8;--accent:#8db0ff}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:1080px;margin:0 auto;padding:28px 20px 80px}
h1{font-size:26px;margin:0 0 4px;letter-spacing:-.01em}
h2{font-size:18px;margin:40px 0 12px}
h3{font-size:16px;margin:0;font-weight:600}
h4{font-size:13px;margin:18px 0 6px;color:var(--soft);font-weight:600}
p{margin:6px 0}
.soft{color:var(--soft)}
.tiles{display:flex;flex-wrap:wrap;gap:10px;margin:18px 0 0;padding:0;list-style:none}
.tiles li{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:10px 16px;min-width:96px}
.tiles b{display:block;font-size:22px;line-height:1.2}
.level{font-weight:600}
.critical{color:var(--critical)}.high{color:var(--high)}.medium{color:var(--medium)}.low{color:var(--low)}.informational{color:var(--informational)}
.chart{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:14px 14px 8px;overflow-x:auto}
svg{display:block;width:100%;min-width:620px;height:auto}
svg text{font:11px system-ui,sans-serif;fill:var(--soft)}
svg .name{fill:var(--ink);font-size:12px}
svg .grid{stroke:var(--line)}
svg .dot{stroke:var(--card);stroke-width:2}
svg .critical{fill:var(--critical)}svg .high{fill:var(--high)}svg .medium{fill:var(--medium)}svg .low{fill:var(--low)}svg .informational{fill:var(--informational)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:14px}
th,td{text-align:left;vertical-align:top;padding:6px 12px 6px 0;border-bottom:1px solid var(--line)}
th{font-weight:600;color:var(--soft);font-size:13px;white-space:nowrap}td code{white-space:normal}
tbody tr:last-child>*{border-bottom:0}
.card{background:var(--card);border:1px solid var(--line);border-left:4px solid var(--edge);border-radius:10px;margin:12px 0;padding:0}
.card.critical{--edge:var(--critical)}.card.high{--edge:var(--high)}.card.medium{--edge:var(--medium)}.card.low{--edge:var(--low)}.card.informational{--edge:var(--informational)}
.card{color:var(--ink)}
summary{cursor:pointer;padding:14px 18px;list-style:none}summary::-webkit-details-marker{display:none}
summary:focus-visible{outline:2px solid var(--accent);outline-offset:-2px;border-radius:8px}
summary .top{display:flex;flex-wrap:wrap;gap:4px 14px;align-items:baseline}
summary .top .when{margin-left:auto;color:var(--soft);font-variant-numeric:tabular-nums}
.body{padding:0 18px 18px;border-top:1px solid var(--line)}
ol{padding-left:20px;margin:6px 0}
li{margin:4px 0}
pre{background:var(--code);border:1px solid var(--line);border-radius:6px;padding:8px 10px;margin:4px 0 8px;white-space:pre-wrap;overflow-wrap:anywhere;font:12.5px/1.5 ui-monospace,Menlo,Consolas,monospace;user-select:all}
code{font:12.5px ui-monospace,Menlo,Consolas,monospace;overflow-wrap:anywhere}
.matrix{display:flex;flex-wrap:wrap;gap:12px}
.tactic{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:12px 14px;flex:1 1 220px}
.tactic h3{font-size:14px}
.tactic ul{list-style:none;margin:8px 0 0;padding:0}
.tactic li{border-top:1px solid var(--line);padding:6px 0;margin:0;font-size:14px}
bdi{unicode-bidi:isolate}
footer{margin-top:48px;color:var(--soft);font-size:13px}
@media (max-width:600px){main{padding:18px 14px 60px}summary .top .when{margin-left:0}.tiles li{flex:1 1 40%}h1{font-size:22px}}
@media print{body{background:#fff}.card{break-inside:avoid;border-color:#bbb}details:not([open])>*:not(summary){display:block}pre{white-space:pre-wrap}}
`;
