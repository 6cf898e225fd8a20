/** The style sheet within each page. WHY within: a page is one file that can be mailed, printed and kept. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1b1b1b; --soft: #565c65; --paper: #fff; --panel: #f4f4f2; --line: #c6cace; --link: #005ea2; --bar: #a23a18; --permit: #1e6b37; --lift: #6b4a00; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #ececec; --soft: #b3bac2; --paper: #16181a; --panel: #202326; --line: #4a5056; --link: #82b7ea; --bar: #ff9d7a; --permit: #7fd39a; --lift: #e8c468; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 78rem; padding: 1rem; color: var(--ink); background: var(--paper); font: 1rem/1.55 "Source Sans 3", system-ui, sans-serif; overflow-wrap: anywhere; }
a { color: var(--link); }
a:focus-visible, [tabindex]:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: .5rem 0; }
h2 { font-size: 1.25rem; margin: 2rem 0 .5rem; }
h3 { font-size: 1rem; margin: 1rem 0 .25rem; }
p { margin: .5rem 0; max-width: 68ch; }
dl { display: grid; grid-template-columns: minmax(7rem, max-content) 1fr; gap: .2rem 1rem; margin: 1rem 0; }
dt { color: var(--soft); }
dd { margin: 0; }
ul { padding-left: 1.2rem; }
.draft { border: 1px solid var(--line); border-left: .35rem solid var(--lift); padding: .5rem .75rem; background: var(--panel); }
.pair { display: grid; grid-template-columns: minmax(0, 2fr) minmax(0, 3fr); gap: 0 2rem; border-top: 1px solid var(--line); padding: .75rem 0; }
.rule { border: 1px solid var(--line); border-left-width: .35rem; padding: .5rem .75rem; margin: .25rem 0 .75rem; background: var(--panel); break-inside: avoid; }
.bars { border-left-color: var(--bar); } .permits { border-left-color: var(--permit); } .lifts { border-left-color: var(--lift); }
.rule h2 { margin: 0; font-size: 1rem; } .rule h2 span { font-weight: 400; color: var(--soft); }
.rule .kind { font-weight: 700; color: inherit; } .bars .kind { color: var(--bar); } .permits .kind { color: var(--permit); } .lifts .kind { color: var(--lift); }
.note { color: var(--soft); font-size: .9rem; }
pre { margin: .5rem 0; font: .8rem/1.45 ui-monospace, monospace; white-space: pre-wrap; }
figure { margin: 1rem 0; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: .9rem; }
th, td { border-bottom: 1px solid var(--line); padding: .25rem .6rem .25rem 0; text-align: left; vertical-align: top; overflow-wrap: normal; }
.strip { display: block; width: 100%; height: 2.4rem; margin: .5rem 0; }
.strip rect { fill: var(--bar); } .strip .permits { fill: var(--permit); } .strip line { stroke: var(--soft); } .strip text { fill: var(--soft); font-size: 11px; }
footer { margin-top: 3rem; border-top: 1px solid var(--line); padding-top: .5rem; }
@media (max-width: 45rem) { .pair { grid-template-columns: minmax(0, 1fr); } dl { grid-template-columns: minmax(0, 1fr); } dd { margin-bottom: .4rem; } }
@media (forced-colors: active) { .strip rect { fill: CanvasText; forced-color-adjust: none; } .strip line { stroke: CanvasText; } .strip text { fill: CanvasText; } }
@media print { body { max-width: none; font-size: 10pt; } .rule, .draft { background: none; } .wide { overflow: visible; } a { color: inherit; } }
`;
