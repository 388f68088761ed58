import type { ResolvedTheme } from '../../ui/theme/theme.ts';

/** The colors of styles/tokens.css, because Plotly does not support CSS custom properties. */
export interface PlotPalette {
  text: string;
  grid: string;
  line: string;
  /** Fill from minimum to maximum: the line color, translucent. */
  envelope: string;
  /** Fill of the normal range. */
  normalRange: string;
}

export const plotPalettes: Record<ResolvedTheme, PlotPalette> = {
  light: {
    text: '#52606d',
    grid: '#e6eaee',
    line: '#3f7fb5',
    envelope: 'rgba(63, 127, 181, 0.28)',
    normalRange: 'rgba(11, 110, 79, 0.09)',
  },
  dark: {
    text: '#a0adba',
    grid: '#252f39',
    line: '#5b9fd6',
    envelope: 'rgba(91, 159, 214, 0.28)',
    normalRange: 'rgba(76, 196, 154, 0.1)',
  },
};
