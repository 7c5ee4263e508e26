import { Pace } from '../../../cli/fleet/pace';

const shown: string[] = [];
let now = 0;
const status = (line: string) => void shown.push(line);
const response = (status: number, concurrent?: string) => ({
  status,
  headers: concurrent === undefined ? {} : { 'twilio-concurrent-requests': concurrent },
});
beforeEach(() => {
  shown.splice(0);
  now = 5_000;
});

function work(pace: Pace, items: number, ms: number) {
  for (let i = 0; i < items; i++) {
    now += ms;
    pace.progress.step();
  }
}

test('shows how much is done at a time, and what Twilio says of concurrent requests', () => {
  const pace = new Pace({ status }, () => now);
  pace.progress.begin('read');
  pace.onResponse(response(200, '17'));
  pace.onResponse(response(200, '12'));
  work(pace, 16_000, 0.125);
  expect(shown.at(-1)).toBe('read 16,000, 8,000/s, 4 at a time, 12 concurrent requests at Twilio');
  expect(pace.mostConcurrent).toBe(17);
});

test('counts calls, also those without a response, and halves the work after a 429', () => {
  const pace = new Pace({}, () => now);
  pace.onAttempt(0);
  pace.onAttempt(1);
  pace.onResponse(response(429));
  pace.onAttempt(2);
  pace.onResponse(response(200));
  expect(pace).toMatchObject({ calls: 3, retries: 2, throttled: 1, mostConcurrent: 0 });
  expect(pace.concurrency.limit).toBe(2);
  pace.progress.begin('read');
  work(pace, 3, 1_000);
  pace.progress.end();
});
