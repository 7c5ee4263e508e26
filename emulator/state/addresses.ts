import type { Configuration, Stored } from './store';

export interface AutoCreation {
  enabled: boolean;
  type: 'webhook' | 'studio' | 'default';
  /** Null: the default service. */
  serviceSid: string | null;
  /** Of the one webhook that a created conversation gets; null with type `default`. */
  configuration: Configuration | null;
  /** Only kept: a scoped webhook has no such thing. */
  studioRetryCount: number;
}

export interface Address extends Stored {
  readonly type: 'sms' | 'whatsapp';
  readonly address: string;
  readonly country: string | null;
  friendlyName: string | null;
  autoCreation: AutoCreation;
}

/** What is to happen when a message comes to one of our addresses from somebody who is in no conversation. */
export class Addresses {
  readonly #sids = new Map<string, Address>();
  readonly #addresses = new Map<string, Address>();

  all(): Address[] {
    return [...this.#sids.values()];
  }

  /** By SID, or by the address itself. */
  find(key: string): Address | undefined {
    return this.#sids.get(key) ?? this.#addresses.get(key);
  }

  add(address: Address): void {
    this.#sids.set(address.sid, address);
    this.#addresses.set(address.address, address);
  }

  remove(address: Address): void {
    this.#sids.delete(address.sid);
    this.#addresses.delete(address.address);
  }

  empty(): void {
    this.#sids.clear();
    this.#addresses.clear();
  }
}
