import { page } from '../support/markdown';

test('quotes only figures of the last benchmark', () => {
  const results = page('bench/results.md');
  const quoted = page('bench/README.md').match(/`\d+\.\d+`/g) ?? [];
  expect(quoted.length).toBeGreaterThan(4);
  for (const figure of quoted) expect(results).toContain(`| ${figure.replaceAll('`', '')} (`);
});
