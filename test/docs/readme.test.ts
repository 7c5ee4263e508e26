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
    expect(await project.run('check')).toMatchObject({ code: 0 });
    const { code, printed } = await project.run('diagram');
    expect({ code, diagram: `${printed.join('\n')}\n` }).toEqual({ code: 0, diagram });
  } finally {
    project.remove();
  }
});
