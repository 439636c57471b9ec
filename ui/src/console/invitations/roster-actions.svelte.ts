// What a user does with invitations: inviting, revoking, copying a link. One at a time, with its outcome in words.
import type { NewInvitation, StationId } from "../../shared/generated/console";
import { copyText } from "../../shared/clipboard";
import type { Client } from "../api/client";
import { Doing } from "../state/doing.svelte";
import { t } from "../text/t";
import { shortName } from "../text/write";

export class RosterActions extends Doing {
  /** The number of the invitation whose link was copied last. */
  copied = $state<number | null>(null);
  /** The invitations that were made last, with their codes. No later answer has the codes. */
  made = $state.raw<readonly NewInvitation[]>([]);

  readonly #client: Client;
  readonly #changed: () => void;

  /** `changed` reads the roster again. */
  constructor(client: Client, changed: () => void) {
    super();
    this.#client = client;
    this.#changed = changed;
  }

  /** Makes an invitation for each station. Returns whether it was done. */
  invite(stations: readonly StationId[]): Promise<boolean> {
    return this.#run(async () => {
      const made = await this.#client.invite({ stations: [...stations], contests: [] });
      this.made = made;
      return t("invitations.made_count", { count: made.length });
    });
  }

  /** Withdraws an invitation that nobody has used. */
  withdraw(invitation: number): Promise<boolean> {
    return this.#run(async () => {
      await this.#client.withdraw(invitation);
      this.made = this.made.filter((one) => one.invitation !== invitation);
      return t("invitations.withdrawn_status");
    });
  }

  /** Forgets the codes that are shown. */
  dismiss(): void {
    this.made = [];
  }

  /** Revokes a device. Returns whether it was done. */
  revoke(device: string, because: string): Promise<boolean> {
    return this.#run(async () => {
      await this.#client.revoke(device, { because });
      return t("revoke.done", { device: shortName(device) });
    });
  }

  async copyLink(invitation: NewInvitation): Promise<void> {
    const done = await copyText(invitation.link);
    this.copied = done ? invitation.invitation : null;
    this.message = done
      ? t("invitations.copied_status")
      : t("invitations.not_copied", { link: invitation.link });
  }

  #run(action: () => Promise<string>): Promise<boolean> {
    return this.run(async () => {
      const done = await action();
      this.#changed();
      return done;
    });
  }
}
