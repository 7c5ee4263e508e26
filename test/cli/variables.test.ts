import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readVariableFiles, readVariables } from '../../cli/variables';
import { temporaryFolder } from '../support/temporary-folder';

const { folder, remove } = temporaryFolder();
afterAll(() => remove());
const write = (file: string, text: string) => writeFileSync(join(folder, file), text);

const EMULATOR = {
  ACCOUNT_SID: 'AC1',
  AUTH_TOKEN: 'token',
  TWILIO_API_BASE_URL: 'http://127.0.0.1:4010',
  CRM_URL: 'http://127.0.0.1:4010/_emulator/receiver',
};
write(
  '.env.emulator',
  Object.entries(EMULATOR)
    .map(([name, value]) => `${name}=${value}\n`)
    .join(''),
);

test('reads .env.emulator as npm start does: at its port, and with .env.local', () => {
  expect(readVariables('.env.emulator', {}, folder)).toEqual(EMULATOR);
  write('.env.local', 'VIP_URL=http://127.0.0.1:4010/vip\nCRM_URL=https://crm.example\n');
  const own = { VIP_URL: 'http://127.0.0.1:4010/vip', CRM_URL: 'https://crm.example' };
  expect(readVariables('.env.emulator', {}, folder)).toEqual({ ...EMULATOR, ...own });
  expect(readVariables('.env.emulator', { EMULATOR_PORT: '4011' }, folder)).toEqual({
    ...EMULATOR,
    ...own,
    TWILIO_API_BASE_URL: 'http://127.0.0.1:4011',
    VIP_URL: 'http://127.0.0.1:4011/vip',
  });
});

test('never reads from .env.local which API is called', () => {
  write(
    '.env.local',
    'ACCOUNT_SID=AC2\nAUTH_TOKEN=other\nTWILIO_API_KEY=SK2\nTWILIO_API_SECRET=secret\nTWILIO_API_BASE_URL=https://else\n',
  );
  expect(readVariables('.env.emulator', {}, folder)).toEqual(EMULATOR);
});

test('lets the later file win, and leaves the ports of other files alone', () => {
  write('.env.one', 'A=1\nB=http://127.0.0.1:4010\n');
  write('.env.two', 'A=2\n');
  expect(readVariableFiles(['.env.one', '.env.two'], folder, { EMULATOR_PORT: '4011' })).toEqual({
    A: '2',
    B: 'http://127.0.0.1:4010',
  });
});

test.each([
  ['.env.prod', 'copy .env.example to it and fill it in'],
  ['elsewhere/.env.local', 'leave it out, or write your variables into it'],
])('says what to do if %s is missing', (file, remedy) => {
  expect(() => readVariables(file, {}, folder)).toThrow(`--env ${file}: cannot read the file; ${remedy}`);
});
