import { setInterval } from 'node:timers/promises';
import axios from 'axios';
import { drawReadings } from './readings.ts';

const intervalMs = 100;

interface Arrivals {
  port: number;
  perSecond: number;
  sensorIds: readonly string[];
}

/** Sends arrays at an even rate, one after the other; `stop` resolves with the readings per second that were answered. */
export function startArrivals({ port, perSecond, sensorIds }: Arrivals): { stop: () => Promise<number> } {
  const readings = drawReadings(5000);
  const begin = performance.now();
  const secondsSoFar = () => (performance.now() - begin) / 1000;
  let answered = 0;
  let isOver = false;
  async function run(): Promise<void> {
    for await (const _ of setInterval(intervalMs)) {
      if (isOver) return;
      const due = Math.min(1000, Math.round(secondsSoFar() * perSecond) - answered);
      const batch = Array.from({ length: due }, (_, index) => {
        const place = answered + index;
        return { ...readings[place % readings.length], sensor_id: sensorIds[place % sensorIds.length] };
      });
      if (due > 0) await axios.post(`http://127.0.0.1:${port}/predict`, batch);
      answered += due;
    }
  }
  const running = run();
  running.catch(() => undefined); // thrown by `stop`
  return {
    async stop() {
      isOver = true;
      await running;
      return answered / secondsSoFar();
    },
  };
}
