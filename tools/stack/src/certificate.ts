import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface Certificate {
  /** PKCS 12 file with key and certificate. */
  readonly keystore: string;
  readonly keystorePassword: string;
  /** The same certificate as PEM, for those who are to trust it. */
  readonly caFile: string;
}

/** A self-signed certificate for 127.0.0.1, made by the JDK's keytool in a folder that exists. */
export const certificateIn = async (dir: string): Promise<Certificate> => {
  const keystore = join(dir, 'broker.p12');
  const caFile = join(dir, 'broker.pem');
  const keystorePassword = 'only-for-tests';
  const keytool = (...args: string[]): Promise<unknown> =>
    promisify(execFile)('keytool', [
      ...args,
      ...['-alias', 'broker', '-keystore', keystore, '-storetype', 'PKCS12', '-storepass', keystorePassword],
    ]);
  const subject = ['-dname', 'CN=127.0.0.1', '-ext', 'SAN=IP:127.0.0.1', '-validity', '2'];
  await keytool('-genkeypair', '-keyalg', 'RSA', ...subject);
  await keytool('-exportcert', '-rfc', '-file', caFile);
  return { keystore, keystorePassword, caFile };
};
