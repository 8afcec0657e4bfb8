/**
 * How the picture looks: colours are custom properties of its class, light unless the reader prefers dark, always light
 * on paper. A page can set them anew. No rule reaches beyond the class, so that pictures can stand in any page.
 *
 * Nothing is told by colour alone: what is open, merged, cleaned or lost has a pattern of its own, each mark a shape, and
 * the rest its word beside it.
 */
export const timelineStyle: string = `
.axon-timeline{--timeline-paper:#fff;--timeline-ink:#1f2328;--timeline-muted:#57606a;--timeline-grid:#d8dee4;
--timeline-stretch:#f6f8fa;--timeline-segment:#b6d0ee;--timeline-segment-edge:#2f6cad;--timeline-cleaned:#8c959f;
--timeline-client:#0b6b62;--timeline-client-soft:#c4e8e2;--timeline-window:#fff1c2;--timeline-window-edge:#8a5a00;
--timeline-applied:#6b3fa0;--timeline-wrong:#c01622;--timeline-wrong-soft:#ffe3e1;color-scheme:light dark;
font:12px/1.3 system-ui,-apple-system,"Segoe UI","Liberation Sans",Arial,sans-serif;display:block;max-width:100%;height:auto}
@media screen and (prefers-color-scheme:dark){
.axon-timeline{--timeline-paper:#0d1117;--timeline-ink:#e6edf3;--timeline-muted:#a3acb6;--timeline-grid:#2b323b;
--timeline-stretch:#151b23;--timeline-segment:#27496f;--timeline-segment-edge:#7fb4f2;--timeline-cleaned:#7d8590;
--timeline-client:#4fd1c1;--timeline-client-soft:#134a45;--timeline-window:#3b2f0b;--timeline-window-edge:#e3b341;
--timeline-applied:#c8a6ff;--timeline-wrong:#ff7b72;--timeline-wrong-soft:#4a1512}}
.axon-timeline text{fill:var(--timeline-ink)}
.axon-timeline .paper{fill:var(--timeline-paper)}
.axon-timeline .halo{paint-order:stroke;stroke:var(--timeline-paper);stroke-width:3px;stroke-linejoin:round}
.axon-timeline .heading{font-size:15px;font-weight:600}
.axon-timeline .name{font-weight:600}
.axon-timeline .muted,.axon-timeline .tick{fill:var(--timeline-muted);font-size:11px}
.axon-timeline .tick{font-variant-numeric:tabular-nums}
.axon-timeline .small{font-size:11px}
.axon-timeline .middle{text-anchor:middle}
.axon-timeline .end{text-anchor:end}
.axon-timeline .stretch{fill:var(--timeline-stretch)}
.axon-timeline .grid{stroke:var(--timeline-grid);fill:none}
.axon-timeline .axis{stroke:var(--timeline-muted);fill:none}
.axon-timeline .break{stroke:var(--timeline-muted);stroke-dasharray:1 4;fill:none}
.axon-timeline .closed{fill:var(--timeline-segment);stroke:var(--timeline-segment-edge)}
.axon-timeline .edged{stroke:var(--timeline-segment-edge)}
.axon-timeline .edge{stroke:var(--timeline-segment-edge);fill:none}
.axon-timeline .soft{fill:var(--timeline-segment)}
.axon-timeline .faint{fill:var(--timeline-paper)}
.axon-timeline .dot{fill:var(--timeline-cleaned)}
.axon-timeline .gone{stroke:var(--timeline-cleaned);stroke-dasharray:3 2}
.axon-timeline .ceiling{stroke:var(--timeline-segment-edge);stroke-width:1.5px;fill:none}
.axon-timeline .applied{stroke:var(--timeline-applied);stroke-width:1.5px;fill:none}
.axon-timeline .commit{stroke:var(--timeline-applied);stroke-width:3px;stroke-dasharray:2 4;fill:none}
.axon-timeline .needed{stroke:var(--timeline-applied);stroke-dasharray:6 3;fill:none}
.axon-timeline .run{fill:var(--timeline-client-soft);stroke:var(--timeline-client)}
.axon-timeline .copy{fill:var(--timeline-client);stroke:var(--timeline-client)}
.axon-timeline .taken{fill:var(--timeline-client);fill-opacity:.25;stroke:var(--timeline-client)}
.axon-timeline .elsewhere{fill:none;stroke:var(--timeline-client);stroke-dasharray:3 2}
.axon-timeline .mark{fill:var(--timeline-client);stroke:var(--timeline-paper);stroke-width:.8px}
.axon-timeline .cut{fill:var(--timeline-ink);stroke:var(--timeline-paper);stroke-width:.8px}
.axon-timeline .window{fill:var(--timeline-window);stroke:var(--timeline-window-edge)}
.axon-timeline .tint{fill:var(--timeline-window);fill-opacity:.6}
.axon-timeline .tint-edge{stroke:var(--timeline-window-edge);stroke-dasharray:4 3;fill:none}
.axon-timeline .plan{stroke:var(--timeline-muted);fill:none}
.axon-timeline .due{stroke:var(--timeline-ink);stroke-dasharray:2 3;fill:none}
.axon-timeline .down{stroke:var(--timeline-muted)}
.axon-timeline .hatch{stroke:var(--timeline-muted);stroke-opacity:.5}
.axon-timeline .wrong-line{stroke:var(--timeline-wrong);stroke-width:2px;fill:none}
.axon-timeline .wrong-mark{stroke:var(--timeline-wrong);stroke-width:2.4px;fill:none;stroke-linecap:round}
.axon-timeline .wrong-box{fill:var(--timeline-wrong-soft);stroke:var(--timeline-wrong)}
.axon-timeline .wrong-soft{fill:var(--timeline-wrong-soft)}
.axon-timeline .wrong-hatch{stroke:var(--timeline-wrong)}
.axon-timeline .wrong-edge{stroke:var(--timeline-wrong);stroke-width:1.5px}
.axon-timeline .future{fill:var(--timeline-paper);fill-opacity:.5}
.axon-timeline .now{stroke:var(--timeline-ink);stroke-width:1.5px}
.axon-timeline text.wrong{fill:var(--timeline-wrong);font-weight:600}
`.trim();
