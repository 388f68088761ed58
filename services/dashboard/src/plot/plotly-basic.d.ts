declare module 'plotly.js/dist/plotly-basic.min.js' {
  import type { purge, react } from 'plotly.js';

  const plotly: { purge: typeof purge; react: typeof react };
  export = plotly;
}
