import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { clone } from '../clone';
import { emulatorEnvironment } from '../programs';
import { startServerlessApi } from './api';
import type { Resource } from './resources';

type Variables = Readonly<Record<string, string>>;

/** A function or asset of a build. */
export interface Deployed {
  readonly room: 'functions' | 'assets';
  readonly path: string;
  readonly visibility: string;
  readonly content: Buffer;
}

/** A clone of the project that `npm run deploy` deploys to a stand-in for Twilio, and to nowhere else. */
export async function openDeployment() {
  const { ACCOUNT_SID = '', AUTH_TOKEN = '' } = emulatorEnvironment();
  const project = clone();
  // What is required here, whatever a team's own policy needs.
  const required = ['ACCOUNT_SID', 'AUTH_TOKEN', 'BOT_FLOW_SID', 'CRM_URL'];
  const example = required.map((name) => `# required: true\n${name}=\n`).join('\n');
  writeFileSync(join(project.folder, '.env.example'), example);
  const api = await startServerlessApi(ACCOUNT_SID, AUTH_TOKEN);
  const service = () => `Services/${only(api.resources.list('Services')).sid}`;
  const newestBuild = () => api.resources.list(`${service()}/Builds`).at(-1)!;
  return {
    api,
    folder: project.folder,
    restoreSource: project.restoreSource,
    credentials: { ACCOUNT_SID, AUTH_TOKEN },
    /** Writes an environment file. */
    environment: (variables: Variables, file = '.env') =>
      writeFileSync(
        join(project.folder, file),
        Object.entries(variables)
          .map(([name, value]) => `${name}=${value}\n`)
          .join(''),
      ),
    /** `npm run deploy`, with these arguments behind the `--`. */
    async deploy(args: readonly string[] = [], env: Variables = {}) {
      const preload = JSON.stringify(join(__dirname, 'preload.cjs'));
      const child = spawn('npm', ['run', 'deploy', '--silent', '--', ...args], {
        cwd: project.folder,
        env: {
          PATH: process.env.PATH,
          HOME: project.folder,
          NODE_OPTIONS: `--require ${preload}`,
          STAND_IN_PORT: String(api.port),
          npm_config_update_notifier: 'false',
          ...env,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const text = { stdout: '', stderr: '' };
      for (const name of ['stdout', 'stderr'] as const)
        child[name].on('data', (part) => {
          text[name] += part;
        });
      const [code] = await once(child, 'close');
      return { code: code as number | null, ...text };
    },
    /** What the newest build is made of. */
    deployed(): Deployed[] {
      const build = newestBuild();
      const version = (room: 'functions' | 'assets', sid: string): Deployed => {
        const owner = room === 'functions' ? 'Functions' : 'Assets';
        const { path, visibility, content } = api.resources.version(`${service()}/${owner}`, sid);
        return { room, path: `${path}`, visibility: `${visibility}`, content: content as Buffer };
      };
      return [
        ...listed(build.function_versions).map((sid) => version('functions', sid)),
        ...listed(build.asset_versions).map((sid) => version('assets', sid)),
      ];
    },
    /** The packages that the newest build asks for. The API takes their JSON in quotes of its own. */
    dependencies(): { name: string; version: string }[] {
      return JSON.parse(`${newestBuild().dependencies}`.slice(1, -1));
    },
    async close() {
      project.remove();
      await api.stop();
    },
  };
}

function only(resources: readonly Resource[]): Resource {
  if (resources.length !== 1) throw new Error(`${resources.length} in the place of one`);
  return resources[0]!;
}

/** Where a function or asset stands in a folder from which it would be deployed as it was. */
export function fileOf({ room, path, visibility }: Deployed): string {
  const { dir, name, ext } = posix.parse(room === 'functions' ? `${path}.js` : path);
  return posix.join(room, dir, `${name}${visibility === 'public' ? '' : `.${visibility}`}${ext}`);
}

const listed = (value: unknown) => [value ?? []].flat().map(String);
