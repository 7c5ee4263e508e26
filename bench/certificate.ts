import type { Certificate } from './delayed';
import { fromBench } from './programs';

interface Selfsigned {
  generate(
    attributes: readonly { name: string; value: string }[],
    options: object,
  ): Promise<{ private: string; cert: string }>;
}

/** A certificate of 127.0.0.1 for a day. */
export async function certificate(): Promise<Certificate> {
  const { generate } = fromBench<Selfsigned>('selfsigned');
  const made = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notAfterDate: new Date(Date.now() + 86_400_000),
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] },
    ],
  });
  return { key: made.private, cert: made.cert };
}
