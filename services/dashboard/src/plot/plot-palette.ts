import type { ResolvedTheme } from '../theme/theme.ts';

/** Plotly takes colours, not custom properties; these are the same as in styles/tokens.css. */
export interface PlotPalette {
  text: string;
  grid: string;
  axis: string;
  surface: string;
  line: string;
  /** From minimum to maximum: the line's colour, see-through. */
  envelope: string;
  anomaly: string;
}

export const plotPalettes: Record<ResolvedTheme, PlotPalette> = {
  light: {
    text: '#52606d',
    grid: '#e6eaee',
    axis: '#b6c0ca',
    surface: '#ffffff',
    line: '#3f7fb5',
    envelope: 'rgba(63, 127, 181, 0.28)',
    anomaly: '#d0561f',
  },
  dark: {
    text: '#a0adba',
    grid: '#252f39',
    axis: '#44505c',
    surface: '#171e26',
    line: '#5b9fd6',
    envelope: 'rgba(91, 159, 214, 0.28)',
    anomaly: '#f28a56',
  },
};
