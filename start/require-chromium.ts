import { requireProgram } from './system-packages.ts';

/** The path of a Chromium, Debian's if there was none. @throws StartError */
export function requireChromium(say: (line: string) => void): string {
  return (
    process.env.CHROMIUM_PATH ??
    requireProgram({
      name: 'chromium',
      programs: ['chromium', 'chromium-browser', 'google-chrome'],
      instead: 'set CHROMIUM_PATH to a Chromium or Chrome',
      say,
    })
  );
}
