import { rollOut } from '../../bench/roll-out/roll-out';

// A team changes its policy, its domain and its CRM, and brings hundreds of conversations to it while customers write. With
// 10,000 of them, it is `npm run bench -- --fleet`.

const CONVERSATIONS = 200;
const FAULTS = [
  { when: { probability: 0.01 }, do: { status: 429, code: 20429 } },
  { when: { probability: 0.01 }, do: { status: 503, processed: true } },
  { when: { probability: 0.01 }, do: { drop: 'after' } },
];

test('rolls a policy and a domain out over hundreds of conversations, killed twice, while customers write', async () => {
  const { steps, broken, live } = await rollOut({
    conversations: CONVERSATIONS,
    faults: FAULTS,
    retires: true,
  });
  expect(steps.map(({ args, exit, stderr }) => ({ command: args[0], exit, stderr }))).toEqual(
    [
      ['sync', 0],
      ['report', 0],
      ['report', 2],
      ['sync', 'SIGKILL'],
      ['sync', 'SIGKILL'],
      ['sync', 0],
      ['report', 0],
      ['retire', 0],
      ['report', 0],
    ].map(([command, exit]) => ({ command, exit, stderr: '' })),
  );
  const [, , before, , , resumed, , , retired] = steps.map(({ stdout }) => stdout);
  expect(before).toMatch(/^ +198 {2}on a former domain$/m);
  expect(resumed).toMatch(/^\d+ conversations changed$/m);
  expect(retired).toMatch(/^ +198 {2}not managed$/m);
  expect(broken).toEqual([]);
  expect(live.unseen).toBe(0);
  expect(live.handOffs).toBeGreaterThan(5);
}, 400_000);
