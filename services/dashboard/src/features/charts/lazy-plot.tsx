import { lazy } from 'react';

export const LazyPlot = lazy(async () => ({ default: (await import('./plot.tsx')).Plot }));
