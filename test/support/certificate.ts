import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';

/** What a TLS server shows, and what its clients can be told to trust. */
interface Certificate {
  readonly key: string;
  readonly cert: string;
}

const DAY_MS = 86_400_000;

/** A certificate that signs itself, made anew: for an IPv4 address, until tomorrow unless it ended `daysAgo`. */
export function selfSigned(address: string, daysAgo = -1): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'prime256v1',
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const end = Date.now() - daysAgo * DAY_MS;
  const name = sequence(set(sequence(oid('550403'), der(0x0c, Buffer.from(address)))));
  const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'));
  const extensions = [
    sequence(oid('551d13'), octets(sequence(der(0x01, Buffer.of(0xff))))),
    sequence(oid('551d11'), octets(sequence(der(0x87, Buffer.from(address.split('.').map(Number)))))),
  ];
  const body = sequence(
    der(0xa0, der(0x02, Buffer.of(2))),
    der(0x02, Buffer.of(1)),
    ecdsaWithSha256,
    name,
    sequence(time(end - 2 * DAY_MS), time(end)),
    name,
    publicKey,
    der(0xa3, sequence(...extensions)),
  );
  const signature = sign('sha256', body, createPrivateKey(privateKey));
  const whole = sequence(body, ecdsaWithSha256, der(0x03, Buffer.concat([Buffer.of(0), signature])));
  const base64 = whole.toString('base64').replace(/.{64}/g, '$&\n');
  return { key: privateKey, cert: `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n` };
}

// X.509 is written in DER: a tag, a length, the content. https://www.rfc-editor.org/rfc/rfc5280
function der(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...size), content]);
}

const sequence = (...items: Buffer[]) => der(0x30, Buffer.concat(items));
const set = (item: Buffer) => der(0x31, item);
const octets = (item: Buffer) => der(0x04, item);
const oid = (hex: string) => der(0x06, Buffer.from(hex, 'hex'));
const time = (ms: number) =>
  der(0x17, Buffer.from(`${new Date(ms).toISOString().replace(/^20|\D|\d{3}Z$/g, '')}Z`));
