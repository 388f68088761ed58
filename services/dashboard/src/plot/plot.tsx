import type { Config, Data, Layout, PlotRelayoutEvent } from 'plotly.js';
import Plotly from 'plotly.js/dist/plotly-basic.min.js';
import createPlotlyComponent from 'react-plotly.js/factory';

export type { Config, Data, Layout, PlotRelayoutEvent };

/** The only import of Plotly: reached by `import()` only, so that it is a chunk of its own. */
export const Plot = createPlotlyComponent(Plotly);
