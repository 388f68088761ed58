import { loadArtifact } from '@sensor-sentinel/model';
import express from 'express';
import mysql from 'mysql2/promise';
import { z } from 'zod';

/** A plain port of the Flask original to Express: the same steps, one INSERT per request. */
const [databaseUrl = '', artifact = '', port] = process.argv.slice(2);

const readingSchema = z.object({ temperature: z.number(), humidity: z.number(), sound_volume: z.number() });

const { pipeline } = await loadArtifact(artifact);
const pool = mysql.createPool(databaseUrl);

express()
  .use(express.json())
  .post('/predict', async (request, response) => {
    const parsed = readingSchema.safeParse(request.body);
    if (!parsed.success) {
      response.status(400).json({ errors: parsed.error.issues });
      return;
    }
    const { temperature, humidity, sound_volume } = parsed.data;
    const prediction = pipeline.toPrediction(pipeline.score([temperature, humidity, sound_volume]));
    await pool.execute(
      'INSERT INTO sensor_readings (temperature, humidity, sound_volume, prediction) VALUES (?, ?, ?, ?)',
      [temperature, humidity, sound_volume, prediction],
    );
    response.json({ prediction });
  })
  .listen(Number(port), '127.0.0.1');
