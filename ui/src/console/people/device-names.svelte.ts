// The people behind the devices of a list, for those who may see people.
import { SvelteMap } from "svelte/reactivity";
import type { Permissions, StationPerson } from "../../shared/generated/console";
import type { Client } from "../api/client";

/** Maximum number of devices of one request. */
const ASKED_MAX = 200;

export class DeviceNames {
  /** Who joined with a device; null where nobody is known. */
  readonly #known = new SvelteMap<string, StationPerson | null>();
  readonly #client: Client;
  readonly #may: boolean;

  constructor(client: Client, may: Permissions) {
    this.#client = client;
    this.#may = may.see_people;
  }

  /** Who joined with a device; undefined where that is not known. */
  of(device: string | null): StationPerson | undefined {
    return (device === null ? null : this.#known.get(device)) ?? undefined;
  }

  /** Asks once for those of the devices that were not asked for. A list without names is a list all the same. */
  async ask(devices: readonly string[]): Promise<void> {
    const fresh = devices.filter((device) => !this.#known.has(device)).slice(0, ASKED_MAX);
    if (!this.#may || fresh.length === 0) {
      return;
    }
    fresh.forEach((device) => this.#known.set(device, null));
    try {
      for (const one of await this.#client.people.ofDevices(fresh)) {
        if (one.device !== null) {
          this.#known.set(one.device, one);
        }
      }
    } catch {
      fresh.forEach((device) => this.#known.delete(device));
    }
  }
}
