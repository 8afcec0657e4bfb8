/**
 * How the page looks: light, dark where the reader prefers it, and always light on paper. Of the pairs of colours that
 * text is written in, each has a contrast of at least 4.5 to 1 (WCAG 2.2, AA); a test holds them to it.
 */
export const pageStyle: string = `
:root{--paper:#fff;--ink:#1f2328;--muted:#57606a;--line:#d0d7de;--soft:#f6f8fa;--link:#0550ae;
--pass:#116329;--pass-soft:#dcf5e1;--fail:#a40e26;--fail-soft:#ffe3e1;--open:#7a4d00;--open-soft:#fff1c2;
--calm:#57606a;--calm-soft:#eef1f4;color-scheme:light dark}
@media screen and (prefers-color-scheme:dark){
:root{--paper:#0d1117;--ink:#e6edf3;--muted:#a3acb6;--line:#30363d;--soft:#161b22;--link:#79c0ff;
--pass:#7ee2a8;--pass-soft:#11341f;--fail:#ff9a94;--fail-soft:#4a1512;--open:#f0c04b;--open-soft:#3b2f0b;
--calm:#a3acb6;--calm-soft:#21262d}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1340px;padding:0 24px 48px;background:var(--paper);color:var(--ink);
font:16px/1.5 system-ui,-apple-system,"Segoe UI","Liberation Sans",Arial,sans-serif}
h1{font-size:1.6rem;margin:1.2rem 0 .4rem}
h2{font-size:1.3rem;margin:2.4rem 0 .8rem;border-bottom:1px solid var(--line);padding-bottom:.3rem}
h3{font-size:1.05rem;margin:0;display:inline}
h3.block{display:block;margin:1.4rem 0 .4rem}
h4{font-size:1rem;margin:1.4rem 0 .4rem}
summary h4{display:inline;margin:0}
p{margin:.5rem 0;max-width:80ch}
a{color:var(--link)}
code,pre{font:.875em/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;overflow-wrap:anywhere}
pre{background:var(--soft);border:1px solid var(--line);border-radius:6px;padding:.7rem .9rem;margin:.5rem 0;
white-space:pre-wrap}
ul{padding-left:1.4rem;margin:.5rem 0}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem;margin:.7rem 0}
dt{color:var(--muted)}
dd{margin:0;max-width:90ch;overflow-wrap:anywhere}
table{border-collapse:collapse;font-size:.875rem;margin:.5rem 0}
th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid var(--line)}
thead th{color:var(--muted);font-weight:600}
td{overflow-wrap:anywhere;min-width:3ch}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
:target{outline:3px solid var(--open);outline-offset:2px}
tr:target{outline:none;background:var(--open-soft)}
tr{scroll-margin-top:6rem}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;left:-999rem}
.skip:focus{position:static;display:inline-block;padding:.5rem}
.scroll{overflow-x:auto;position:relative}
.muted{color:var(--muted)}
.nowrap{white-space:nowrap}
.badge{display:inline-block;white-space:nowrap;font-weight:600;font-size:.875rem;border:1px solid;border-radius:4px;
padding:0 .45rem;margin-right:.5rem}
.pass{color:var(--pass);background:var(--pass-soft)}
.fail,.error{color:var(--fail);background:var(--fail-soft)}
.warn,.inconclusive{color:var(--open);background:var(--open-soft)}
.not-applicable,.badge.expected{color:var(--calm);background:var(--calm-soft)}
.verdict{font-size:1.05rem;border-left:6px solid;padding:.6rem .9rem;margin:.8rem 0;max-width:none}
nav ul{display:flex;flex-wrap:wrap;gap:.3rem 1.4rem;list-style:none;padding:0}
details{border:1px solid var(--line);border-radius:6px;margin:.5rem 0;scroll-margin-top:8px}
summary{padding:.5rem .8rem;cursor:pointer;overflow-wrap:anywhere}
details[open]>summary{border-bottom:1px solid var(--line)}
details>.inside{padding:.3rem 1rem 1rem;scroll-margin-top:4rem}
.scroll:has(>.grid),.scroll:has(>.versions){max-height:88vh;overflow:auto;border:1px solid var(--line);border-radius:6px}
.grid,.versions{margin:0;border-collapse:separate;border-spacing:0}
.grid thead th,.versions thead th{position:sticky;top:0;background:var(--paper);z-index:1}
.grid tbody th,.versions tbody th,.grid thead th:first-child,.versions thead th:first-child{position:sticky;left:0;
background:var(--paper);z-index:1;border-right:1px solid var(--line);font-weight:400}
.grid thead th:first-child,.versions thead th:first-child{z-index:2}
.grid td,.grid thead th{text-align:center;padding:.1rem;border-right:1px solid var(--line);min-width:1.65rem}
.grid thead th a{writing-mode:vertical-rl;transform:rotate(180deg);white-space:nowrap;font-weight:400;font-size:.75rem;
padding:.3rem 0}
.grid thead th{vertical-align:bottom}
.grid tbody th{padding:.1rem .6rem;white-space:nowrap}
.versions .badge{margin:0}
.versions tbody th{white-space:nowrap}
.cause h3,.group a{overflow-wrap:anywhere}
.group{columns:1;max-width:110ch}
.grid td a{color:inherit;display:block;text-decoration:none;font-weight:700}
figure{margin:.8rem 0}
figure svg{min-width:900px;border:1px solid var(--line);border-radius:6px}
.courses{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,30rem),1fr));gap:0 1rem}
details.expected{border-left:4px solid var(--calm)}
@media screen and (max-width:600px){
body{padding:0 14px 32px}
h1{font-size:1.3rem}
dl{grid-template-columns:1fr;gap:0}
dd{margin-bottom:.5rem}
.inside dl{display:block}
details{margin:.35rem 0}
summary{padding:.4rem .6rem}
details>.inside{padding:.3rem .6rem .8rem}
summary .muted{font-size:.875rem}
.grid tbody th,.versions tbody th{white-space:normal;overflow-wrap:anywhere;min-width:8.5rem;max-width:8.5rem;font-size:.75rem;padding:.1rem .3rem}
.grid tbody th .muted{display:none}
.findings,.findings tbody,.findings tr,.findings td{display:block}
.findings thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
.findings tr{border:1px solid var(--line);border-radius:6px;padding:.4rem .6rem;margin:.5rem 0;background:var(--soft)}
.findings td{border:0;padding:.1rem 0}
.findings td::before{display:block;color:var(--muted);font-size:.75rem}
.findings td:nth-child(1)::before{content:"where"}
.findings td:nth-child(2)::before{content:"when"}
.findings td:nth-child(3)::before{content:"expected"}
.findings td:nth-child(4)::before{content:"actual"}}
@media print{
body{max-width:none;padding:0;font-size:10pt}
table{font-size:8.5pt}
:focus-visible{outline:none}
nav,.skip{display:none}
a{color:inherit;text-decoration:none}
figure,tr,pre,summary{break-inside:avoid}
h2,h4,summary{break-after:avoid}
.scroll,.scroll:has(>.grid),.scroll:has(>.versions){overflow:visible;max-height:none}
figure svg{min-width:0;width:100%}
.grid{font-size:6.5pt}
.grid td,.grid thead th{min-width:0}
.badge,.grid td,svg{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`.trim();
