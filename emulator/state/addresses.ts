import type { Configuration, StoredRecord } from './records';

export interface AutoCreation {
  enabled: boolean;
  type: 'webhook' | 'studio' | 'default';
  /** Null: the default service. */
  serviceSid: string | null;
  /** Of the webhook that a new conversation gets; null for type `default`. */
  configuration: Configuration | null;
  /** Stored only: a scoped webhook has no retries. */
  studioRetryCount: number;
}

export interface Address extends StoredRecord {
  readonly type: 'sms' | 'whatsapp';
  readonly address: string;
  readonly country: string | null;
  friendlyName: string | null;
  autoCreation: AutoCreation;
}

/** Address configurations: what happens when somebody without a conversation writes to an address. */
export class Addresses {
  readonly #bySid = new Map<string, Address>();
  readonly #byAddress = new Map<string, Address>();

  all(): Address[] {
    return [...this.#bySid.values()];
  }

  /** By SID, or by the address itself. */
  find(key: string): Address | undefined {
    return this.#bySid.get(key) ?? this.#byAddress.get(key);
  }

  add(address: Address): void {
    this.#bySid.set(address.sid, address);
    this.#byAddress.set(address.address, address);
  }

  remove(address: Address): void {
    this.#bySid.delete(address.sid);
    this.#byAddress.delete(address.address);
  }
}
