// Preloaded into the processes of a deployment: what they send to Twilio goes to the stand-in on this machine, and
// nothing goes anywhere else.
const http = require('node:http');
const https = require('node:https');
const net = require('node:net');
const { urlToHttpOptions } = require('node:url');

const port = Number(process.env.STAND_IN_PORT);

const { request } = https;
https.request = (...args) => {
  const [first, ...rest] = args;
  const named = typeof first === 'string' || first instanceof URL;
  const callback = args.find((arg) => typeof arg === 'function');
  const options = named
    ? { ...urlToHttpOptions(new URL(first)), ...(typeof rest[0] === 'object' && rest[0]) }
    : first;
  const host = options.hostname ?? options.host;
  if (!host?.endsWith('.twilio.com')) return request(...args);
  return http.request(
    {
      ...options,
      protocol: 'http:',
      hostname: '127.0.0.1',
      host: '127.0.0.1',
      port,
      agent: undefined,
      headers: { ...options.headers, host },
    },
    callback,
  );
};

const { connect } = net.Socket.prototype;
// Each way out of Node ends here: net, tls, http, https and fetch.
net.Socket.prototype.connect = function (...args) {
  const [first, second] = Array.isArray(args[0]) ? args[0] : args;
  const to = typeof first === 'object' ? first : { port: first, host: second };
  if (Number(to.port) === port && to.host === '127.0.0.1') return connect.apply(this, args);
  const where = to.path ?? `${to.host ?? 'localhost'}:${to.port}`;
  const sentence = `a connection to ${where} was refused`;
  process.stderr.write(`${sentence}\n`);
  // Later, as a network would: whoever asks for it listens for errors by then.
  setImmediate(() => this.destroy(new Error(sentence)));
  return this;
};
