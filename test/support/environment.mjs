import { TestEnvironment } from 'jest-environment-node';
import { withoutColours } from '../../scripts/colours.mjs';

/** Whatever a test starts prints without colours, also where jest itself was told to use them: tests read what it prints. */
export default class extends TestEnvironment {
  constructor(...args) {
    withoutColours(process.env);
    super(...args);
  }
}
