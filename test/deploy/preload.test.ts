import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

// The deployment tests depend on it: a process reaches the stand-in and no other host.

const preload = join(__dirname, '..', 'support', 'serverless', 'preload.cjs');

async function listen() {
  let connections = 0;
  const server = createServer((_, response) => {
    response.writeHead(204).end();
  })
    .on('connection', () => {
      connections += 1;
    })
    .listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { port, connections: () => connections, close: () => server.close() };
}

test.each([
  ['fetch', 'fetch("http://127.0.0.1:" + port).catch(() => {})'],
  ['http', 'require("node:http").get("http://127.0.0.1:" + port).on("error", () => {})'],
  ['https', 'require("node:https").get("https://127.0.0.1:" + port).on("error", () => {})'],
  ['net', 'require("node:net").connect(port, "127.0.0.1").on("error", () => {})'],
  ['tls', 'require("node:tls").connect({ port, host: "127.0.0.1" }).on("error", () => {})'],
])('sends requests for Twilio to the stand-in, and refuses other hosts: %s', async (_, attempt) => {
  const [standIn, other] = [await listen(), await listen()];
  const twilio =
    'require("node:https").request("https://serverless.twilio.com/v1").on("error", () => {}).end();';
  const script = `const port = ${other.port}; ${twilio} ${attempt}`;
  const child = spawn(process.execPath, ['--require', preload, '-e', script], {
    env: { STAND_IN_PORT: String(standIn.port) },
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  const [code] = await once(child, 'close');
  standIn.close();
  other.close();
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: `a connection to 127.0.0.1:${other.port} was refused\n`,
  });
  expect([standIn.connections(), other.connections()]).toEqual([1, 0]);
});
