import { Resolver } from 'node:dns';
import type { AddressKey } from './address-set.ts';
import { databaseLines } from './database-lines.ts';
import type { HostFinder, HostFound } from './host-finder.ts';
import { type HostService, hostServices } from './host-services.ts';
import { parseHosts } from './hosts-file.ts';
import { hostNameOf, reverseName } from './reverse-name.ts';

export interface HostFiles {
  /** hosts(5). */
  readonly hosts: string;
  /** nsswitch.conf(5). */
  readonly services: string;
}

export const SYSTEM_HOST_FILES: HostFiles = { hosts: '/etc/hosts', services: '/etc/nsswitch.conf' };

/** What asks name servers. */
export type NameServers = Pick<Resolver, 'resolvePtr' | 'cancel'>;

/** The file of hosts, and name servers, where the system's own resolver is out of reach: no other service is asked. */
export class PlainHosts implements HostFinder {
  readonly #found: HostFound;
  readonly #services: readonly HostService[];
  readonly #inFile: ReadonlyMap<AddressKey, string>;
  readonly #servers: NameServers;

  /** The files are read at once. */
  constructor(found: HostFound, files = SYSTEM_HOST_FILES, servers: NameServers = new Resolver()) {
    this.#found = found;
    this.#services = hostServices(databaseLines(files.services));
    this.#inFile = parseHosts(databaseLines(files.hosts));
    this.#servers = servers;
  }

  ask(addresses: readonly AddressKey[]): void {
    for (const key of addresses) this.#askService(key, 0);
  }

  close(): void {
    this.#servers.cancel();
  }

  #askService(key: AddressKey, index: number): void {
    const service = this.#services[index];
    if (service === undefined) {
      this.#found(key, undefined);
    } else if (service.name === 'files') {
      this.#tell(key, index, this.#inFile.get(key));
    } else {
      this.#servers.resolvePtr(reverseName(key), (error, names) => {
        this.#tell(key, index, error === null ? hostNameOf(names[0]) : undefined);
      });
    }
  }

  /** A name server that has failed counts as one that knows no name, as in glibc. */
  #tell(key: AddressKey, index: number, name: string | undefined): void {
    if (name !== undefined || this.#services[index]!.isFinal) this.#found(key, name);
    else this.#askService(key, index + 1);
  }
}
