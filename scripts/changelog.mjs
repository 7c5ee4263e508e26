// `node scripts/changelog.mjs v0.2.0`: prints the release notes of this version, its section of CHANGELOG.md. Refuses a tag
// that is not the version in package.json.
import { readFileSync } from 'node:fs';

const [tag] = process.argv.slice(2);
const read = (file) => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');

try {
  const { version } = JSON.parse(read('package.json'));
  if (tag !== `v${version}`) throw new Error(`The tag is ${tag}, but package.json has version ${version}.`);
  console.log(notes(read('CHANGELOG.md'), version));
} catch (error) {
  console.error(error.message);
  process.exit(1);
}

function notes(changelog, version) {
  const section = changelog.split(/^(?=## )/m).find((text) => text.startsWith(`## [${version}]`));
  const body = section?.slice(section.indexOf('\n')).trim();
  if (!body) throw new Error(`CHANGELOG.md has no notes under "## [${version}]".`);
  return body;
}
