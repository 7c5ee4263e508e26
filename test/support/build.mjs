import { buildDemo } from '../../scripts/build.mjs';

// The black-box tests run what a user runs, so what they run is built first.
export default () => buildDemo();
