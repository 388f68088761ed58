declare module 'plotly.js/dist/plotly-basic.min.js' {
  import type * as Plotly from 'plotly.js';

  const plotly: typeof Plotly;
  export = plotly;
}
