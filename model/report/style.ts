/** The colors of the dashboard. The colors of the families can be distinguished with color blindness too. */
export const style = `
:root {
  color-scheme: light dark;
  --background: light-dark(#f3f5f7, #0f141a);
  --surface: light-dark(#ffffff, #171e26);
  --border: light-dark(#d8dee5, #2b3540);
  --grid: light-dark(#e6eaef, #242d37);
  --text: light-dark(#17212b, #e4eaf0);
  --muted: light-dark(#52606d, #a0adba);
  --accent: light-dark(#0a5da6, #6db6f5);
  --winner: light-dark(#e6f4ee, #12291f);
  --logistic-regression: light-dark(#6b7280, #9aa5b1);
  --k-nearest-neighbors: light-dark(#b7791f, #f0bd55);
  --random-forest: light-dark(#0b7a5b, #35c79b);
  --gradient-boosting: light-dark(#0a5da6, #5aa9f0);
  --support-vector-machine: light-dark(#b0418a, #e78ac3);
  --neural-network: light-dark(#c2410c, #ff9467);
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; max-width: 1120px; padding: 24px 16px 48px; background: var(--background); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Ubuntu, "Liberation Sans", sans-serif;
}
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 4px; }
h2 { font-size: 1.15rem; margin: 0 0 4px; }
h3 { font-size: 0.95rem; margin: 0 0 8px; display: flex; align-items: center; gap: 8px; }
p { margin: 0 0 12px; }
.hint, figcaption, .lead { color: var(--muted); }
.hint, figcaption { font-size: 0.87rem; }
.hint { max-width: 75ch; }
figcaption { margin-top: 6px; }
section {
  background: var(--surface); border: 1px solid var(--border); border-radius: 8px; padding: 16px; margin-top: 16px;
}
.wide { overflow-x: auto; }
.pair, .six { display: grid; gap: 20px; grid-template-columns: minmax(0, 1fr); }
@media (min-width: 720px) {
  .pair { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .six { grid-template-columns: repeat(3, minmax(0, 1fr)); }
}
@media (min-width: 440px) and (max-width: 719px) { .six { grid-template-columns: repeat(2, minmax(0, 1fr)); } }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
.comparison { width: 100%; white-space: nowrap; }
.comparison th, .comparison td { padding: 7px 10px; text-align: right; border-top: 1px solid var(--border); }
.comparison thead th { border-top: 0; color: var(--muted); font-size: 0.82rem; font-weight: 600; vertical-align: bottom; white-space: normal; }
.comparison thead th::first-letter { text-transform: uppercase; }
.comparison :is(th, td):first-child { text-align: left; position: sticky; left: 0; background: var(--surface); }
.comparison .winner :is(th, td) { background: var(--winner); }
.comparison .best { font-weight: 700; }
.mark { display: inline-block; width: 12px; height: 12px; border-radius: 3px; background: var(--family); flex: none; }
.comparison .mark { margin-right: 8px; vertical-align: -1px; }
.badge {
  margin-left: 8px; padding: 1px 7px; border-radius: 9px; background: var(--accent); color: var(--surface);
  font-size: 0.72rem; font-weight: 600;
}
@media (max-width: 520px) {
  .comparison { font-size: 0.9rem; }
  .comparison tbody th { white-space: normal; min-width: 8.5em; line-height: 1.25; }
  .comparison .badge { display: block; width: max-content; margin: 3px 0 0 20px; }
}
figure { margin: 0; min-width: 0; }
svg { display: block; width: 100%; max-width: 450px; height: auto; }
svg text { fill: var(--muted); font-size: 12px; font-family: inherit; }
svg .axis { stroke: var(--muted); fill: none; }
svg .grid { stroke: var(--grid); fill: none; }
svg .chance { stroke: var(--muted); stroke-dasharray: 4 4; fill: none; }
svg .curve { fill: none; stroke: var(--family); stroke-width: 1.8; stroke-linejoin: round; }
svg .dot { fill: var(--family); fill-opacity: 0.75; stroke: var(--surface); }
.legend { list-style: none; margin: 8px 0 0; padding: 0; font-size: 0.87rem; }
.legend li { display: flex; align-items: center; gap: 8px; }
.legend b { margin-left: auto; font-weight: 600; font-variant-numeric: tabular-nums; }
.confusion { width: 100%; table-layout: fixed; text-align: center; font-size: 0.87rem; }
.confusion th { color: var(--muted); font-weight: 500; padding: 4px; overflow-wrap: anywhere; }
.confusion td { padding: 10px 4px; border: 2px solid var(--surface); border-radius: 6px; }
.confusion td b { display: block; font-size: 1.05rem; }
.importances { display: grid; grid-template-columns: minmax(0, 7.6em) minmax(0, 1fr) auto; gap: 6px 10px; align-items: center; font-size: 0.87rem; }
.importances span { overflow-wrap: anywhere; }
.importances i { height: 12px; border-radius: 3px; background: var(--family); }
.importances b { font-weight: 500; font-variant-numeric: tabular-nums; text-align: right; }
dl { display: grid; grid-template-columns: minmax(0, 1fr); margin: 0; gap: 2px 20px; }
@media (min-width: 600px) { dl { grid-template-columns: max-content minmax(0, 1fr); } }
dt { color: var(--muted); }
dd { margin: 0 0 6px; overflow-wrap: anywhere; }
dd ul { margin: 0; padding-left: 18px; }
code { font-size: 0.87em; }
`;
