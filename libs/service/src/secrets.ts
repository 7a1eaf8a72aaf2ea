/** Keys derived from one master secret (HKDF, RFC 5869), one per purpose; nobody handles the master. */
export interface Secrets {
  /** HMAC-SHA-256 of `text` under the key of `purpose`; 32 bytes. */
  mac(purpose: string, text: string): Buffer;
  /** AES-256-GCM under the key of `purpose`; base64url of nonce, tag, ciphertext. */
  seal(purpose: string, text: string): string;
  open(purpose: string, sealed: string): string;
}
