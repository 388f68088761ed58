import { useEffect, useState } from 'react';

/** Created by the first click, because browsers let a page play sound only after a person has used it. */
let audio: AudioContext | undefined;
let playedAt = Number.NEGATIVE_INFINITY;

/** Of the two tones of a signal, in Hz. */
const tones = [880, 660];
const toneSeconds = 0.18;
const volume = 0.2;

/** Plays a short signal, for several incidents at once only one. Plays nothing until the page may. */
export function playSound(): void {
  if (audio?.state !== 'running' || audio.currentTime - playedAt < 1) return;
  playedAt = audio.currentTime;
  for (const [index, frequency] of tones.entries()) {
    const [oscillator, gain] = [
      new OscillatorNode(audio, { frequency }),
      new GainNode(audio, { gain: volume }),
    ];
    const startAt = playedAt + index * toneSeconds;
    // Without a fade, the end of a tone clicks.
    gain.gain.setTargetAtTime(0, startAt + toneSeconds / 2, toneSeconds / 6);
    oscillator.connect(gain).connect(audio.destination);
    oscillator.start(startAt);
    oscillator.stop(startAt + toneSeconds);
  }
}

/** Resolves when the page may play sound, which may be after a click. */
async function unlock(): Promise<void> {
  audio ??= new AudioContext();
  await audio.resume();
}

/** Prepares the sound while it is wanted. Returns whether it can be played; a click or a key on the page makes that so. */
export function useSound(isWanted: boolean): boolean {
  const [canPlay, setCanPlay] = useState(false);
  useEffect(() => {
    if (!isWanted || canPlay) return;
    const prepare = () => void unlock().then(() => setCanPlay(true));
    prepare();
    addEventListener('pointerdown', prepare);
    addEventListener('keydown', prepare);
    return () => {
      removeEventListener('pointerdown', prepare);
      removeEventListener('keydown', prepare);
    };
  }, [isWanted, canPlay]);
  return canPlay;
}
