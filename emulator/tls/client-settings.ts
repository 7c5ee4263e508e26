import { join } from 'node:path';
import { ACCOUNT_SID, AUTH_TOKEN } from '../twilio/account';

/** What to copy so that an unmodified client takes the emulator for Twilio. docs/emulator.md explains each line. */
export function clientSettings(origin: string, certificate: string): string {
  const { hostname, port } = new URL(origin);
  const store = join(certificate, '..', 'ca.p12');
  return `
HTTPS to *.twilio.com goes through this proxy, whose certificate authority is ${certificate}
Copy the credentials and the lines of your client into its terminal:

# credentials
export TWILIO_ACCOUNT_SID=${ACCOUNT_SID} TWILIO_AUTH_TOKEN=${AUTH_TOKEN}
# Node.js, twilio-cli
export HTTP_PROXY=${origin} NODE_EXTRA_CA_CERTS=${certificate}
# Python
export HTTPS_PROXY=${origin} REQUESTS_CA_BUNDLE=${certificate}
# Ruby, Go, C# (Linux)
export HTTPS_PROXY=${origin} SSL_CERT_FILE=${certificate}
# PHP
export HTTPS_PROXY=${origin}
php -d curl.cainfo=${certificate} your-script.php
# Java
keytool -importcert -noprompt -alias emulator -file ${certificate} -keystore ${store} -storepass emulator
export JAVA_TOOL_OPTIONS="-Dhttps.proxyHost=${hostname} -Dhttps.proxyPort=${port} -Djavax.net.ssl.trustStore=${store} -Djavax.net.ssl.trustStorePassword=emulator"
# curl
curl --proxy ${origin} --cacert ${certificate} -u ${ACCOUNT_SID}:${AUTH_TOKEN} https://conversations.twilio.com/v1/Conversations
`;
}
