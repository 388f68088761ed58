import express from 'express';

/** The limit of Express's general middleware: the JSON comes back as it was parsed, nothing is stored. */
express()
  .use(express.json())
  .post('/predict', (request, response) => {
    response.json(request.body);
  })
  .listen(Number(process.argv[2]), '127.0.0.1');
