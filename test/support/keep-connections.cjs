// Preloaded into twilio-run: its server keeps idle connections open. A test that reuses one while the server closes it would fail.
const http = require('node:http');

const { createServer } = http;
http.createServer = (...args) => Object.assign(createServer(...args), { keepAliveTimeout: 0 });
