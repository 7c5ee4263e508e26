import { policy } from '../../cli/policy/policy';
import { page } from '../support/markdown';
import { policyFolder } from '../support/policy-folder';

const readme = page('README.md');

test('takes three minutes to read', () => {
  expect(readme.split('\n').length).toBeLessThanOrEqual(125);
});

test('shows a valid policy of about ten lines, and its diagram', async () => {
  const [, shown = ''] = /```json\n([^`]*)```/.exec(readme) ?? [];
  const [, diagram] = /```mermaid\n([^`]*)```/.exec(readme) ?? [];
  expect(shown.split('\n').length).toBeLessThanOrEqual(13);
  const project = policyFolder();
  try {
    project.write(shown);
    const printed: string[] = [];
    const print = (line: string) => printed.push(line);
    const terminal = { folder: project.folder, out: print, err: print };
    expect(await policy(['check'], {}, terminal)).toBe(0);
    printed.length = 0;
    expect(await policy(['diagram'], {}, terminal)).toBe(0);
    expect(`${printed.join('\n')}\n`).toBe(diagram);
  } finally {
    project.remove();
  }
});
