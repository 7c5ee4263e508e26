import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import { md, pki } from 'node-forge';

const DAY_MS = 86_400_000;
const NAME = [{ name: 'commonName', value: 'conversation-webhooks emulator' }];

export interface CertificateAuthority {
  /** What its clients have to trust, as PEM. */
  readonly certificate: string;
  /** The key and certificate of a host, for a TLS server. */
  secureContext(host: string): SecureContext;
}

/** A certificate authority that is made anew. Its key stays in the memory of this process. */
export function createCertificateAuthority(): CertificateAuthority {
  const own = generateKeys();
  const authority = createCertificate(own.publicKey, NAME, NAME);
  authority.setExtensions([
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true, critical: true },
    { name: 'subjectKeyIdentifier' },
  ]);
  authority.sign(own.privateKey, md.sha256.create());

  // The same keys for every host.
  const keys = generateKeys();
  const key = pki.privateKeyToPem(keys.privateKey);
  const contexts = new Map<string, SecureContext>();
  const issue = (host: string): SecureContext => {
    const certificate = createCertificate(keys.publicKey, [{ name: 'commonName', value: host }], NAME);
    certificate.setExtensions([
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: [{ type: DNS, value: host }] },
      { name: 'subjectKeyIdentifier' },
      // Python 3.13 and later accept no certificate without it.
      {
        name: 'authorityKeyIdentifier',
        keyIdentifier: authority.generateSubjectKeyIdentifier().getBytes(),
      },
    ]);
    certificate.sign(own.privateKey, md.sha256.create());
    const context = createSecureContext({ key, cert: pki.certificateToPem(certificate) });
    contexts.set(host, context);
    return context;
  };
  return {
    certificate: pki.certificateToPem(authority),
    secureContext: (host) => contexts.get(host) ?? issue(host),
  };
}

/** https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.6 */
const DNS = 2;

// By Node.js, as node-forge would take seconds.
function generateKeys(): pki.rsa.KeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return { publicKey: pki.publicKeyFromPem(publicKey), privateKey: pki.privateKeyFromPem(privateKey) };
}

function createCertificate(
  publicKey: pki.PublicKey,
  subject: pki.CertificateField[],
  issuer: pki.CertificateField[],
): pki.Certificate {
  const certificate = pki.createCertificate();
  certificate.publicKey = publicKey;
  // The first byte keeps it positive.
  certificate.serialNumber = `01${randomBytes(15).toString('hex')}`;
  certificate.validity.notBefore = new Date(Date.now() - DAY_MS);
  certificate.validity.notAfter = new Date(Date.now() + 30 * DAY_MS);
  certificate.setSubject(subject);
  certificate.setIssuer(issuer);
  return certificate;
}
