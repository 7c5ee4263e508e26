import { request } from 'node:http';
import { useEmulator } from '../../support/emulator';

const subject = useEmulator();

// fetch does not let a test set Host.
function send(method: string, path: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(`${subject.origin}${path}`, { method, headers }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode));
    })
      .on('error', reject)
      .end();
  });
}

test.each(['/', '/_emulator/options', '/_emulator/stream', '/_emulator/receiver/requests'])(
  'refuses GET %s under a name that somebody points at this machine',
  async (path) => {
    expect(await send('GET', path, { Host: 'rebound.example' })).toBe(403);
  },
);

test.each(['https://other.example', 'null', 'http://localhost:1'])('refuses a form of %s', async (Origin) => {
  expect(await send('POST', '/_emulator/reset', { Origin })).toBe(403);
  expect(await send('DELETE', '/_emulator/faults', { Origin })).toBe(403);
});

test('accepts its own page behind a proxy', async () => {
  const forwarded = { 'X-Forwarded-Proto': 'https', 'X-Forwarded-Host': 'emulator.example' };
  const reset = (Origin: string) => send('POST', '/_emulator/reset', { ...forwarded, Origin });
  expect(await reset('https://emulator.example')).toBe(204);
  expect(await reset('https://other.example')).toBe(403);
});

test('accepts its own page, and clients that are no browser', async () => {
  expect(await send('POST', '/_emulator/reset', { Origin: subject.origin })).toBe(204);
  expect(await send('POST', '/_emulator/reset', {})).toBe(204);
  const { port } = new URL(subject.origin);
  expect(await send('GET', '/_emulator/options', { Host: `localhost:${port}` })).toBe(200);
});
