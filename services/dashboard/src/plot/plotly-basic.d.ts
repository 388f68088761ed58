declare module 'plotly.js/dist/plotly-basic.min.js' {
  const plotly: unknown;
  export = plotly;
}
